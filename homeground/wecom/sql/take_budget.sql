-- Take up to `size` calls from one API's budget. One row: how many were granted, and until when: with a grant the end of
-- the minute in which they may be used, without one the moment to ask again.
-- Params: api text, at timestamptz, size, minute and hour int (the limits). A window begins with its first call.
WITH held AS (
    SELECT id, blocked_until,
           CASE WHEN minute_at + interval '1 minute' <= %(at)s THEN %(at)s ELSE minute_at END AS minute_at,
           CASE WHEN minute_at + interval '1 minute' <= %(at)s THEN 0 ELSE in_minute END AS in_minute,
           CASE WHEN hour_at + interval '1 hour' <= %(at)s THEN %(at)s ELSE hour_at END AS hour_at,
           CASE WHEN hour_at + interval '1 hour' <= %(at)s THEN 0 ELSE in_hour END AS in_hour
    FROM wecom_ratebudget
    WHERE api = %(api)s
    FOR UPDATE
), given AS (
    SELECT *,
           CASE WHEN blocked_until > %(at)s THEN 0
                ELSE GREATEST(LEAST(%(size)s, %(minute)s - in_minute, %(hour)s - in_hour), 0) END AS granted
    FROM held
)
UPDATE wecom_ratebudget AS budget
SET minute_at = given.minute_at, in_minute = given.in_minute + given.granted,
    hour_at = given.hour_at, in_hour = given.in_hour + given.granted
FROM given
WHERE budget.id = given.id
RETURNING given.granted,
          CASE WHEN given.granted > 0 THEN given.minute_at + interval '1 minute'
               WHEN given.blocked_until > %(at)s THEN given.blocked_until
               WHEN given.in_hour >= %(hour)s THEN given.hour_at + interval '1 hour'
               ELSE given.minute_at + interval '1 minute' END
