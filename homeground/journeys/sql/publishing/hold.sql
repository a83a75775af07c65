-- Lock everybody who walks on an older version, so that what is read of them next stays as it is.
-- Params: journey_id, version_id (the new one).
SELECT count(*) FROM (
    SELECT 1 FROM journeys_enrolment
    WHERE journey_id = %(journey_id)s AND state = 'walking' AND version_id <> %(version_id)s
    FOR UPDATE
) AS held
