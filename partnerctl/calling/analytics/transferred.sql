-- Queue legs whose call was passed on from the queue's number (docs/calling.md, The report, column 19).
SELECT
    q.org_id,
    q.location_key,
    count(DISTINCT q.report_id) AS transferred
FROM legs q
JOIN days d ON d.day = q.day
JOIN legs l ON l.org_id = q.org_id AND l.call = q.call
WHERE q.call_queue
    AND (l.redirect_reason = 'DEFLECTION' OR l.related_reason = 'DEFLECTION')
    AND (l.redirecting_number = q.user_number OR l.redirecting_number = q.called_number)
GROUP BY q.org_id, q.location_key
