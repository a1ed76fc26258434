-- The name of each location: that of its latest leg which has one.
SELECT n.org_id, n.location_key, n.location
FROM (
    SELECT g.org_id, g.location_key, g.location,
        row_number() OVER (PARTITION BY g.org_id, g.location_key ORDER BY g.latest DESC, g.location DESC) AS place
    FROM (
        SELECT l.org_id, l.location_key, l.location, max(l.start_time) AS latest
        FROM legs l
        JOIN days d ON d.day = l.day
        WHERE l.location IS NOT NULL
        GROUP BY l.org_id, l.location_key, l.location
    ) g
) n
WHERE n.place = 1
