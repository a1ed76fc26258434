-- Usage per week, customer and endpoint type, of human legs (docs/calling.md, Endpoint types).
SELECT
    d.week,
    l.org_id,
    e.endpoint,
    sum(CASE WHEN l.direction = 'ORIGINATING' THEN 1 ELSE 0 END) AS calls,
    count(*) AS legs,
    sum(l.seconds) AS seconds,
    count(DISTINCT l.active_user) AS active_users
FROM legs l
JOIN days d ON d.day = l.day
JOIN endpoints e ON e.client_type = l.client_type AND e.model = l.model
WHERE l.human
GROUP BY d.week, l.org_id, e.endpoint
