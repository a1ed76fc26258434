-- One row per record, its words in capitals: the view `legs`, which all the other files read.
-- `records` is the Parquet folder of call records, `day` the day of its folder, and the times once more in
-- milliseconds (start_ms, answer_ms, release_ms), which every engine reckons in its own way.
SELECT
    r.day,
    r.org_id,
    r.report_id,
    trim(r.correlation_id) AS call,
    upper(trim(r.user_type)) IN ('USER', 'PLACE', 'VIRTUALLINE') AS human,
    upper(trim(r.direction)) = 'TERMINATING' AND upper(trim(r.user_type)) = 'HUNTGROUP' AS hunt_group,
    upper(trim(r.direction)) = 'TERMINATING' AND upper(trim(r.user_type)) = 'AUTOMATEDATTENDANTVIDEO' AS auto_attendant,
    upper(trim(r.direction)) = 'TERMINATING' AND upper(trim(r.user_type)) IN ('CALLCENTERSTANDARD', 'CALLCENTERPREMIUM')
        AS call_queue,
    upper(trim(r.direction)) AS direction,
    upper(trim(r.user_type)) AS user_type,
    upper(trim(r.call_type)) AS call_type,
    coalesce(r.client_type, '') AS client_type,
    coalesce(r.model, '') AS model,
    coalesce(r.answered, FALSE) AS answered,
    coalesce(r.duration, 0) AS seconds,
    CASE WHEN upper(trim(r.user_type)) = 'USER' THEN lower(trim(r.user_uuid)) END AS active_user,
    coalesce(lower(trim(r.site_uuid)), lower(trim(r.location)), '') AS location_key,
    trim(r.location) AS location,
    upper(trim(r.related_reason)) AS related_reason,
    upper(trim(r.original_reason)) AS original_reason,
    upper(trim(r.redirect_reason)) AS redirect_reason,
    upper(trim(r.releasing_party)) AS releasing_party,
    upper(trim(r.sub_client_type)) AS sub_client_type,
    trim(r.redirecting_number) AS redirecting_number,
    trim(r.user_number) AS user_number,
    trim(r.called_number) AS called_number,
    r.transfer_related_call_id IS NOT NULL AS transferred,
    r.call_recording_result IS NOT NULL AS recorded,
    CASE upper(trim(r.direction))
        WHEN 'ORIGINATING' THEN r.public_calling_ip_address
        WHEN 'TERMINATING' THEN r.public_called_ip_address
    END AS own_address,
    r.start_time,
    r.start_ms,
    r.answer_ms,
    r.release_ms
FROM records r
