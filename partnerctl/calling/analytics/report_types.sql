-- Different calls per customer, location and call type (docs/calling.md, Calls by type): at the locations of their
-- preferred legs, or where they have none at those of the others. A leg without a call is a call of its own.
SELECT c.org_id, c.location_key, c.call_type, sum(c.calls) AS calls
FROM (
    SELECT p.org_id, p.location_key, p.call_type,
        count(DISTINCT p.call) + sum(CASE WHEN p.call IS NULL THEN 1 ELSE 0 END) AS calls
    FROM typed_legs p
    WHERE p.preferred
    GROUP BY p.org_id, p.location_key, p.call_type
    UNION ALL
    SELECT o.org_id, o.location_key, o.call_type,
        count(DISTINCT o.call) + sum(CASE WHEN o.call IS NULL THEN 1 ELSE 0 END) AS calls
    FROM typed_legs o
    WHERE NOT o.preferred
        AND NOT EXISTS (
            SELECT 1 FROM typed_legs t
            WHERE t.preferred AND t.org_id = o.org_id AND t.call_type = o.call_type AND t.call = o.call
        )
    GROUP BY o.org_id, o.location_key, o.call_type
) c
GROUP BY c.org_id, c.location_key, c.call_type
