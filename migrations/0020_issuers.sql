-- compatible-with: 0015
-- Identity providers outside of this installation. One belongs to one organization, and whoever it names is known by
-- (issuer, subject), never by e-mail.

CREATE TABLE issuers (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  issuer text NOT NULL CHECK (char_length(issuer) BETWEEN 1 AND 500),
  audience text NOT NULL CHECK (char_length(audience) BETWEEN 1 AND 500),
  -- Signature algorithms that are taken from this issuer; asymmetric ones only.
  algorithms text[] NOT NULL CHECK (cardinality(algorithms) > 0 AND algorithms <@
    ARRAY['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']),
  -- RFC 7517; public keys only. What is behind `jwks_url` goes before them.
  jwks text NOT NULL,
  jwks_url text CHECK (jwks_url ~ '^(https://|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(/|$))'),
  -- The claim that says what the bearer may do, and what its values stand for; without a match, `default_role`.
  role_claim text NOT NULL DEFAULT 'role',
  role_map jsonb NOT NULL DEFAULT '{}',
  default_role text CHECK (default_role IN ('OWNER', 'ADMIN', 'AGENT', 'VIEWER')),
  created_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX issuers_by_name ON issuers (issuer, audience);
SELECT protect_tenant_table('issuers');
CREATE POLICY edge_finds ON issuers FOR SELECT TO switchboard_edge USING (true);
GRANT SELECT, INSERT, UPDATE (removed_at) ON issuers TO switchboard_tenant;
GRANT SELECT ON issuers TO switchboard_edge;

CREATE TABLE issuer_subjects (
  org_id uuid NOT NULL,
  issuer_id uuid NOT NULL,
  subject text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 500),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, issuer_id, subject),
  UNIQUE (org_id, id),
  FOREIGN KEY (org_id, issuer_id) REFERENCES issuers (org_id, id)
);
SELECT protect_tenant_table('issuer_subjects');
GRANT SELECT, INSERT ON issuer_subjects TO switchboard_edge;
