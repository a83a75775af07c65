-- Who should stand behind each door at a moment: members on shift who are below the daily limit; when there are none,
-- the back-ups. Only active staff. A door behind which nobody can stand has an empty list.
-- Params: at timestamptz; zone text (the brand's); day date (of `at` in it); doors bigint[], or NULL for all that are open.
-- weekday: 0 is Monday. A shift that ends at or before its start goes on into the next day. Hours are of the wall clock.
WITH clock AS (
    SELECT extract(isodow FROM local)::int - 1 AS weekday, extract(hour FROM local)::int * 60 + extract(minute FROM local)::int AS minute
    FROM (SELECT %(at)s::timestamptz AT TIME ZONE %(zone)s AS local) AS told
), door AS (
    SELECT id, daily_limit FROM growth_door
    WHERE retired_at IS NULL AND kind <> 'group_code' AND (%(doors)s::bigint[] IS NULL OR id = ANY(%(doors)s::bigint[]))
), on_shift AS (
    SELECT shift.door_id, taken.staff_id
    FROM growth_shift AS shift
    JOIN door ON door.id = shift.door_id
    JOIN growth_shift_staff AS taken ON taken.shift_id = shift.id
    CROSS JOIN clock
    WHERE CASE WHEN shift.start_minute < shift.end_minute
        THEN clock.weekday = ANY(shift.weekdays) AND clock.minute >= shift.start_minute AND clock.minute < shift.end_minute
        ELSE (clock.weekday = ANY(shift.weekdays) AND clock.minute >= shift.start_minute)
            OR ((clock.weekday + 6) %% 7 = ANY(shift.weekdays) AND clock.minute < shift.end_minute)
        END
    UNION
    SELECT member.door_id, member.staff_id
    FROM growth_doorstaff AS member JOIN door ON door.id = member.door_id WHERE NOT member.is_backup
), free AS (
    SELECT door.id, array_agg(staff.userid ORDER BY staff.userid) AS userids
    FROM door
    JOIN on_shift ON on_shift.door_id = door.id
    JOIN wecom_staff AS staff ON staff.id = on_shift.staff_id AND staff.is_active
    LEFT JOIN growth_staffday AS today
        ON today.door_id = door.id AND today.day = %(day)s AND today.userid = staff.userid
    WHERE door.daily_limit IS NULL OR coalesce(today.added, 0) < door.daily_limit
    GROUP BY door.id
), spare AS (
    SELECT door.id, array_agg(staff.userid ORDER BY staff.userid) AS userids
    FROM door
    JOIN growth_doorstaff AS member ON member.door_id = door.id AND member.is_backup
    JOIN wecom_staff AS staff ON staff.id = member.staff_id AND staff.is_active
    GROUP BY door.id
)
SELECT door.id AS door_id, coalesce(free.userids, spare.userids, '{}') AS userids, free.userids IS NULL AS is_backup
FROM door LEFT JOIN free USING (id) LEFT JOIN spare USING (id)
ORDER BY door.id
