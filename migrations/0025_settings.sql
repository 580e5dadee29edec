-- compatible-with: 0024
-- What an organization chooses for its messages. A row only where something was chosen; the view has one for each
-- organization, with the defaults filled in.

CREATE TABLE organization_settings (
  org_id uuid PRIMARY KEY REFERENCES organizations (id),
  default_country text CHECK (default_country ~ '^[A-Z]{2}$')
);
SELECT protect_tenant_table('organization_settings');
GRANT SELECT, INSERT ON organization_settings TO switchboard_tenant;
GRANT UPDATE (default_country) ON organization_settings TO switchboard_tenant;

CREATE VIEW settings WITH (security_invoker = true) AS
SELECT o.id AS org_id, o.id, s.default_country
FROM organizations o
LEFT JOIN organization_settings s ON s.org_id = o.id;
GRANT SELECT ON settings TO switchboard_tenant;
