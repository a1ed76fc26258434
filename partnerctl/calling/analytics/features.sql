-- Legs and calls per week, customer and feature (docs/calling.md, Features). A leg may show
-- several features.
SELECT
    d.week,
    l.org_id,
    sum(CASE WHEN l.direction = 'TERMINATING' AND l.user_type = 'HUNTGROUP'
        THEN 1 ELSE 0 END) AS hunt_group_legs,
    count(DISTINCT CASE WHEN l.direction = 'TERMINATING' AND l.user_type = 'HUNTGROUP'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.direction = 'TERMINATING' AND l.user_type = 'HUNTGROUP')
        THEN 1 ELSE 0 END) AS hunt_group_calls,
    sum(CASE WHEN l.direction = 'TERMINATING' AND l.user_type = 'AUTOMATEDATTENDANTVIDEO'
        THEN 1 ELSE 0 END) AS auto_attendant_legs,
    count(DISTINCT CASE WHEN l.direction = 'TERMINATING' AND l.user_type = 'AUTOMATEDATTENDANTVIDEO'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.direction = 'TERMINATING' AND l.user_type = 'AUTOMATEDATTENDANTVIDEO')
        THEN 1 ELSE 0 END) AS auto_attendant_calls,
    sum(CASE WHEN l.direction = 'TERMINATING' AND l.user_type IN ('CALLCENTERSTANDARD', 'CALLCENTERPREMIUM')
        THEN 1 ELSE 0 END) AS call_queue_legs,
    count(DISTINCT CASE WHEN l.direction = 'TERMINATING' AND l.user_type IN ('CALLCENTERSTANDARD', 'CALLCENTERPREMIUM')
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.direction = 'TERMINATING' AND l.user_type IN ('CALLCENTERSTANDARD', 'CALLCENTERPREMIUM'))
        THEN 1 ELSE 0 END) AS call_queue_calls,
    sum(CASE WHEN l.direction = 'TERMINATING' AND l.user_type = 'GROUPPAGING'
        THEN 1 ELSE 0 END) AS paging_legs,
    count(DISTINCT CASE WHEN l.direction = 'TERMINATING' AND l.user_type = 'GROUPPAGING'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.direction = 'TERMINATING' AND l.user_type = 'GROUPPAGING')
        THEN 1 ELSE 0 END) AS paging_calls,
    sum(CASE WHEN l.user_type IN ('VOICEMAILRETRIEVAL', 'VOICEMAILGROUP')
        THEN 1 ELSE 0 END) AS voicemail_legs,
    count(DISTINCT CASE WHEN l.user_type IN ('VOICEMAILRETRIEVAL', 'VOICEMAILGROUP')
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.user_type IN ('VOICEMAILRETRIEVAL', 'VOICEMAILGROUP'))
        THEN 1 ELSE 0 END) AS voicemail_calls,
    sum(CASE WHEN l.related_reason LIKE 'CALLFORWARD%'
        THEN 1 ELSE 0 END) AS call_forward_legs,
    count(DISTINCT CASE WHEN l.related_reason LIKE 'CALLFORWARD%'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.related_reason LIKE 'CALLFORWARD%')
        THEN 1 ELSE 0 END) AS call_forward_calls,
    sum(CASE WHEN l.related_reason = 'CONSULTATIVETRANSFER' OR l.transferred
        THEN 1 ELSE 0 END) AS call_transfer_legs,
    count(DISTINCT CASE WHEN l.related_reason = 'CONSULTATIVETRANSFER' OR l.transferred
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.related_reason = 'CONSULTATIVETRANSFER' OR l.transferred)
        THEN 1 ELSE 0 END) AS call_transfer_calls,
    sum(CASE WHEN l.related_reason IN ('CALLPICKUP', 'DIRECTEDCALLPICKUP')
        THEN 1 ELSE 0 END) AS call_pickup_legs,
    count(DISTINCT CASE WHEN l.related_reason IN ('CALLPICKUP', 'DIRECTEDCALLPICKUP')
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.related_reason IN ('CALLPICKUP', 'DIRECTEDCALLPICKUP'))
        THEN 1 ELSE 0 END) AS call_pickup_calls,
    sum(CASE WHEN l.related_reason IN ('CALLPARK', 'CALLLPARK', 'CALLPARKRETRIEVE')
        THEN 1 ELSE 0 END) AS call_park_legs,
    count(DISTINCT CASE WHEN l.related_reason IN ('CALLPARK', 'CALLLPARK', 'CALLPARKRETRIEVE')
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.related_reason IN ('CALLPARK', 'CALLLPARK', 'CALLPARKRETRIEVE'))
        THEN 1 ELSE 0 END) AS call_park_calls,
    sum(CASE WHEN l.related_reason = 'BARGEIN'
        THEN 1 ELSE 0 END) AS barge_in_legs,
    count(DISTINCT CASE WHEN l.related_reason = 'BARGEIN'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.related_reason = 'BARGEIN')
        THEN 1 ELSE 0 END) AS barge_in_calls,
    sum(CASE WHEN l.related_reason LIKE 'EXECUTIVE%'
        THEN 1 ELSE 0 END) AS executive_legs,
    count(DISTINCT CASE WHEN l.related_reason LIKE 'EXECUTIVE%'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.related_reason LIKE 'EXECUTIVE%')
        THEN 1 ELSE 0 END) AS executive_calls,
    sum(CASE WHEN l.related_reason = 'SIMULTANEOUSRINGPERSONAL'
        THEN 1 ELSE 0 END) AS simultaneous_ring_legs,
    count(DISTINCT CASE WHEN l.related_reason = 'SIMULTANEOUSRINGPERSONAL'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.related_reason = 'SIMULTANEOUSRINGPERSONAL')
        THEN 1 ELSE 0 END) AS simultaneous_ring_calls,
    sum(CASE WHEN l.related_reason = 'SEQUENTIALRING'
        THEN 1 ELSE 0 END) AS sequential_ring_legs,
    count(DISTINCT CASE WHEN l.related_reason = 'SEQUENTIALRING'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.related_reason = 'SEQUENTIALRING')
        THEN 1 ELSE 0 END) AS sequential_ring_calls,
    sum(CASE WHEN l.recorded
        THEN 1 ELSE 0 END) AS call_recording_legs,
    count(DISTINCT CASE WHEN l.recorded
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.recorded)
        THEN 1 ELSE 0 END) AS call_recording_calls,
    sum(CASE WHEN l.sub_client_type = 'MOBILE_NETWORK'
        THEN 1 ELSE 0 END) AS mobile_network_legs,
    count(DISTINCT CASE WHEN l.sub_client_type = 'MOBILE_NETWORK'
        THEN l.call END)
        + sum(CASE WHEN l.call IS NULL AND (l.sub_client_type = 'MOBILE_NETWORK')
        THEN 1 ELSE 0 END) AS mobile_network_calls
FROM legs l
JOIN days d ON d.day = l.day
GROUP BY d.week, l.org_id
