-- compatible-with: 0015
-- API keys end by themselves, and say when they were last used, to the quarter of an hour.

ALTER TABLE api_keys ADD COLUMN expires_at timestamptz, ADD COLUMN last_used_at timestamptz;
ALTER TABLE platform_api_keys ADD COLUMN expires_at timestamptz;
ALTER TABLE api_key_lookups ADD COLUMN expires_at timestamptz;
GRANT UPDATE (last_used_at) ON api_keys TO switchboard_tenant;
GRANT SELECT (expires_at) ON api_key_lookups TO switchboard_edge;
