-- Answered human legs per week, customer and endpoint type; those without metrics apart
-- (docs/calling.md, Quality).
SELECT
    d.week,
    l.org_id,
    e.endpoint,
    sum(CASE WHEN e.endpoint IN ('analog', 'third_party') OR coalesce(l.own_address, '') LIKE '%:%'
        THEN 0 ELSE 1 END) AS legs,
    sum(CASE WHEN e.endpoint = 'analog' THEN 1 ELSE 0 END) AS excluded_analog,
    sum(CASE WHEN e.endpoint = 'third_party' THEN 1 ELSE 0 END) AS excluded_third_party,
    sum(CASE WHEN e.endpoint NOT IN ('analog', 'third_party') AND coalesce(l.own_address, '') LIKE '%:%'
        THEN 1 ELSE 0 END) AS excluded_ipv6
FROM legs l
JOIN days d ON d.day = l.day
JOIN endpoints e ON e.client_type = l.client_type AND e.model = l.model
WHERE l.human AND l.answered
GROUP BY d.week, l.org_id, e.endpoint
