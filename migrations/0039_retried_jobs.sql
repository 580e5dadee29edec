-- compatible-with: 0036
-- The jobs of an organization that failed and wait to be tried again, of which there are few: so that a bulk that looks how
-- much of its own stands in the queue need not read what is scheduled for later to find them.
CREATE INDEX jobs_retried ON jobs (kind, org_id, attempt) WHERE state = 'AVAILABLE' AND attempt > 0;
