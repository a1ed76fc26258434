-- What becomes of each due time of a schedule stands in report_runs, from its plan to its end.

ALTER TABLE report_runs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
ALTER TABLE report_runs ADD COLUMN owner TEXT;
ALTER TABLE report_runs ADD COLUMN lease_until TEXT;
ALTER TABLE report_runs ADD COLUMN retry_at TEXT;
CREATE INDEX report_runs_open ON report_runs (due) WHERE status IN ('waiting', 'running', 'retrying');

-- What is known of each schedule: the expression and zone by which its due times were last worked out, and
-- the instant up to which each of them has its row.
CREATE TABLE schedule_states (
    name TEXT NOT NULL PRIMARY KEY,
    template TEXT NOT NULL,
    cron TEXT NOT NULL,
    tz TEXT NOT NULL,
    counts_from TEXT NOT NULL,
    handled_until TEXT NOT NULL,
    paused INTEGER NOT NULL
) STRICT
