-- compatible-with: 0012
-- The instant at which a counter's day begins, so that usage is asked for and put into buckets like every other instant.

ALTER TABLE usage_counters
  ADD COLUMN starts_at timestamptz NOT NULL GENERATED ALWAYS AS (day::timestamp AT TIME ZONE 'UTC') STORED;
CREATE INDEX usage_counters_by_time ON usage_counters (org_id, starts_at);
