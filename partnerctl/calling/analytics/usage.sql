-- Usage per week and customer, of human legs (docs/calling.md, Usage). Who has other legs alone has zeros.
SELECT
    d.week,
    l.org_id,
    sum(CASE WHEN l.human AND l.direction = 'ORIGINATING' THEN 1 ELSE 0 END) AS calls,
    sum(CASE WHEN l.human THEN 1 ELSE 0 END) AS legs,
    sum(CASE WHEN l.human THEN l.seconds ELSE 0 END) AS seconds,
    count(DISTINCT l.active_user) AS active_users
FROM legs l
JOIN days d ON d.day = l.day
GROUP BY d.week, l.org_id
