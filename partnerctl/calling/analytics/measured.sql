-- Measured legs per week, customer, endpoint type and location: good, poor, of sound, of picture
-- (docs/calling.md, Quality). `media` is the Parquet folder of measured legs.
SELECT
    j.week,
    j.org_id,
    j.endpoint,
    j.location,
    count(*) AS legs,
    sum(CASE WHEN j.poor THEN 0 WHEN j.measured OR j.word = 'GOOD' THEN 1 ELSE 0 END) AS good,
    sum(CASE WHEN j.poor THEN 1 WHEN j.measured THEN 0 WHEN j.word IN ('POOR', 'BAD') THEN 1 ELSE 0 END) AS poor,
    sum(CASE WHEN j.sound THEN 1 ELSE 0 END) AS audio_legs,
    sum(CASE WHEN j.picture OR j.video_seconds > 0 THEN 1 ELSE 0 END) AS video_legs,
    sum(j.video_seconds) AS video_seconds
FROM (
    SELECT
        d.week,
        m.org_id,
        e.endpoint,
        trim(m.location) AS location,
        coalesce(m.audio_jitter >= 150, FALSE) OR coalesce(m.audio_latency >= 400, FALSE)
            OR coalesce(m.audio_packet_loss >= 5, FALSE) OR coalesce(m.video_jitter >= 150, FALSE)
            OR coalesce(m.video_latency >= 400, FALSE) OR coalesce(m.video_packet_loss >= 5, FALSE) AS poor,
        m.audio_jitter IS NOT NULL AND m.audio_latency IS NOT NULL
            AND m.audio_packet_loss IS NOT NULL AS measured,
        m.audio_jitter IS NOT NULL OR m.audio_latency IS NOT NULL
            OR m.audio_packet_loss IS NOT NULL AS sound,
        m.video_jitter IS NOT NULL OR m.video_latency IS NOT NULL
            OR m.video_packet_loss IS NOT NULL AS picture,
        upper(trim(m.call_quality)) AS word,
        coalesce(m.video_duration, 0) AS video_seconds
    FROM media m
    JOIN days d ON d.day = m.day
    JOIN endpoints e ON e.client_type = coalesce(m.client_type, '') AND e.model = coalesce(m.model, '')
    WHERE e.endpoint NOT IN ('analog', 'third_party')
) j
GROUP BY j.week, j.org_id, j.endpoint, j.location
