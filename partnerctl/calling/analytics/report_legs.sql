-- Legs per customer and location, columns 4 to 16 of the report Calling usage (docs/calling.md).
SELECT
    l.org_id,
    l.location_key,
    sum(CASE WHEN l.human AND l.direction = 'ORIGINATING' THEN 1 ELSE 0 END) AS total_calls,
    sum(CASE WHEN l.human THEN 1 ELSE 0 END) AS total_call_legs,
    sum(CASE WHEN l.human THEN l.seconds ELSE 0 END) AS seconds,
    sum(CASE WHEN l.human AND e.endpoint IN ('desk_phone', 'analog') THEN 1 ELSE 0 END) AS call_legs_desk_phone,
    sum(CASE WHEN l.human AND e.endpoint = 'room_device' THEN 1 ELSE 0 END) AS call_legs_room_device,
    sum(CASE WHEN l.human AND e.endpoint = 'third_party' THEN 1 ELSE 0 END) AS call_legs_other_devices,
    sum(CASE WHEN l.hunt_group THEN 1 ELSE 0 END) AS hunt_group_calls,
    sum(CASE WHEN l.auto_attendant THEN 1 ELSE 0 END) AS auto_attendant_calls,
    max(l.start_time) AS latest
FROM legs l
JOIN days d ON d.day = l.day
JOIN endpoints e ON e.client_type = l.client_type AND e.model = l.model
GROUP BY l.org_id, l.location_key
