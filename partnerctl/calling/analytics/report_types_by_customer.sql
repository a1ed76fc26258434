-- Different calls per customer and call type (docs/calling.md, Calls by type).
SELECT t.org_id, t.call_type,
    count(DISTINCT t.call) + sum(CASE WHEN t.call IS NULL THEN 1 ELSE 0 END) AS calls
FROM typed_legs t
GROUP BY t.org_id, t.call_type
