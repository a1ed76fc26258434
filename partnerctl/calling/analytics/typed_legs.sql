-- Legs that calls by type are counted of: the view `typed_legs` (docs/calling.md, Calls by type). A leg is
-- preferred where its location is the one at which the call counts.
SELECT
    l.org_id,
    l.location_key,
    l.call_type,
    l.call,
    coalesce(l.direction = CASE WHEN l.call_type = 'SIP_INBOUND' THEN 'TERMINATING' ELSE 'ORIGINATING' END,
        FALSE) AS preferred
FROM legs l
JOIN days d ON d.day = l.day
WHERE l.call_type IN ('SIP_ENTERPRISE', 'SIP_TOLLFREE', 'SIP_PREMIUM', 'SIP_MEETING', 'SIP_NATIONAL',
    'SIP_INBOUND', 'SIP_OPERATOR', 'SIP_SHORTCODE', 'SIP_INTERNATIONAL', 'SIP_MOBILE', 'SIP_EMERGENCY', 'UNKNOWN')
