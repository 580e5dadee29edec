-- compatible-with: 0027
-- Texts that are written once and sent often. A version is never changed: a message names the one it was sent by.

CREATE TABLE templates (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  category text NOT NULL
    CHECK (category IN ('APPOINTMENT', 'REMINDER', 'FOLLOW_UP', 'BILLING', 'MARKETING', 'ALERT', 'OTHER')),
  kind text NOT NULL CHECK (kind IN ('STATIC', 'DYNAMIC')),
  -- The newest of its versions. No foreign key: each would need the other first.
  current_version_id uuid NOT NULL,
  archived_at timestamptz,
  is_archived boolean NOT NULL GENERATED ALWAYS AS (archived_at IS NOT NULL) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX templates_by_name ON templates (org_id, lower(name)) WHERE archived_at IS NULL;
CREATE INDEX templates_by_time ON templates (org_id, created_at, id);
SELECT protect_tenant_table('templates');
GRANT SELECT, INSERT, UPDATE (name, category, kind, current_version_id, archived_at, updated_at) ON templates
  TO switchboard_tenant;

CREATE TABLE template_versions (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  template_id uuid NOT NULL,
  number int NOT NULL CHECK (number > 0),
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, template_id, number),
  FOREIGN KEY (org_id, template_id) REFERENCES templates (org_id, id)
);
SELECT protect_tenant_table('template_versions');
GRANT SELECT, INSERT ON template_versions TO switchboard_tenant;

CREATE TABLE template_variables (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version_id uuid NOT NULL,
  position int NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 40),
  type text NOT NULL CHECK (type IN ('TEXT', 'NUMBER', 'DATE', 'TIME', 'URL')),
  default_value text,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, version_id, name),
  FOREIGN KEY (org_id, version_id) REFERENCES template_versions (org_id, id)
);
SELECT protect_tenant_table('template_variables');
GRANT SELECT, INSERT ON template_variables TO switchboard_tenant;

ALTER TABLE messages
  ADD COLUMN template_id uuid,
  ADD COLUMN template_version_id uuid,
  ADD FOREIGN KEY (org_id, template_id) REFERENCES templates (org_id, id),
  ADD FOREIGN KEY (org_id, template_version_id) REFERENCES template_versions (org_id, id);
GRANT UPDATE (template_id, template_version_id) ON messages TO switchboard_tenant;
ALTER TABLE bulk_messages
  ADD COLUMN template_id uuid,
  ADD COLUMN template_version_id uuid,
  ADD FOREIGN KEY (org_id, template_id) REFERENCES templates (org_id, id),
  ADD FOREIGN KEY (org_id, template_version_id) REFERENCES template_versions (org_id, id);
CREATE INDEX messages_by_template ON messages (org_id, template_id, created_at) WHERE template_id IS NOT NULL;
