-- Rows of Call Queue Stats whose period lies within the days that are asked for.
SELECT
    s.org_id, s.since, s.until, trim(s.location) AS location,
    s.total_calls, s.answered_calls, s.abandoned_calls,
    s.total_wait_seconds, s.avg_wait_seconds, s.total_abandoned_seconds, s.avg_abandoned_seconds,
    s.calls_timed_out, s.calls_overflowed, s.calls_transferred
FROM queue_stats s
