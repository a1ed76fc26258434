-- Queue legs per week, customer and location: answered, abandoned, and how long that took (docs/calling.md,
-- Queues). `legs` has the day after the last of `days`, too: agents may answer on it.
WITH queue_legs AS (
    SELECT l.org_id, l.call, l.report_id, l.day, l.location_key, l.start_time, l.start_ms, l.release_ms,
        l.releasing_party = 'REMOTE' AS given_up
    FROM legs l
    WHERE l.call_queue
),
agent_legs AS (
    SELECT l.org_id, l.call, l.report_id, l.day, l.start_time, l.answer_ms
    FROM legs l
    WHERE l.direction = 'TERMINATING' AND l.human AND l.answered
        AND (l.original_reason = 'CALLQUEUE' OR l.redirect_reason = 'CALLQUEUE' OR l.related_reason = 'CALLQUEUE')
),
credited AS (
    SELECT a.answer_ms, a.day AS answer_day, q.report_id,
        row_number() OVER (PARTITION BY a.report_id ORDER BY q.start_time DESC, q.report_id DESC) AS place
    FROM agent_legs a
    JOIN queue_legs q ON q.org_id = a.org_id AND q.call = a.call AND q.start_time <= a.start_time
),
answers AS (
    SELECT c.report_id, min(c.answer_ms) AS answer_ms
    FROM credited c
    JOIN queue_legs q ON q.report_id = c.report_id
    JOIN days d ON d.day = q.day
    WHERE c.place = 1 AND c.answer_day <= d.next_day
    GROUP BY c.report_id
),
outcomes AS (
    SELECT d.week, q.org_id, q.location_key, q.call, q.report_id,
        a.report_id IS NOT NULL AS answered,
        a.report_id IS NULL AND coalesce(q.given_up, FALSE) AS abandoned,
        CASE WHEN a.answer_ms >= q.start_ms THEN a.answer_ms - q.start_ms END AS answer_ms,
        CASE WHEN q.release_ms >= q.start_ms THEN q.release_ms - q.start_ms END AS wait_ms
    FROM queue_legs q
    JOIN days d ON d.day = q.day
    LEFT JOIN answers a ON a.report_id = q.report_id
)
SELECT
    o.week,
    o.org_id,
    o.location_key,
    count(*) AS calls,
    sum(CASE WHEN o.answered THEN 1 ELSE 0 END) AS answered,
    sum(CASE WHEN o.abandoned THEN 1 ELSE 0 END) AS abandoned,
    count(CASE WHEN o.answered THEN o.answer_ms END) AS answers_timed,
    sum(CASE WHEN o.answered THEN o.answer_ms END) AS answer_ms,
    count(CASE WHEN o.abandoned THEN o.wait_ms END) AS waits_timed,
    sum(CASE WHEN o.abandoned THEN o.wait_ms END) AS wait_ms
FROM outcomes o
GROUP BY o.week, o.org_id, o.location_key
