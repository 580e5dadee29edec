-- compatible-with: 0005
-- Work to be done: which organization, which kind, which subject, when. No content, and no foreign key to a tenant's
-- table, so that switchboard_queue can claim across organizations without seeing into one. A finished job is deleted.

CREATE TABLE jobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  org_id uuid NOT NULL,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'AVAILABLE' CHECK (state IN ('AVAILABLE', 'RUNNING')),
  run_at timestamptz NOT NULL DEFAULT now(),
  run_again boolean NOT NULL DEFAULT false,
  attempt int NOT NULL DEFAULT 0,
  lease_owner uuid,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (kind, org_id, subject_id),
  CHECK ((state = 'RUNNING') = (lease_owner IS NOT NULL AND lease_until IS NOT NULL))
);
CREATE INDEX jobs_due ON jobs (kind, org_id, run_at, id) WHERE state = 'AVAILABLE';
CREATE INDEX jobs_next ON jobs (kind, run_at) WHERE state = 'AVAILABLE';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'RUNNING';
SELECT protect_tenant_table('jobs');
CREATE POLICY queue_works ON jobs TO switchboard_queue USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (run_at, run_again) ON jobs TO switchboard_tenant;
GRANT SELECT, UPDATE, DELETE ON jobs TO switchboard_queue;
