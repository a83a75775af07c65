-- The running care rounds of a month that have no day planned yet: what is left to do, and the minutes that other work
-- of the day takes. Params: month date, on date, usual_minutes int, usual_days int[].
SELECT round.id, coalesce(capacity.minutes, %(usual_minutes)s) AS minutes,
       coalesce(capacity.weekdays, %(usual_days)s::int[]) AS weekdays,
       coalesce(sum(todo.count), 0) AS remaining,
       coalesce((
           SELECT sum(each.minutes) FROM service_task AS task
           JOIN service_workminutes AS each ON each.kind = task.kind
           WHERE task.staff_id = round.staff_id AND task.state = 'open' AND task.due_on <= %(on)s
       ), 0) AS taken
FROM service_careround AS round
LEFT JOIN service_capacity AS capacity ON capacity.staff_id = round.staff_id
LEFT JOIN LATERAL (
    SELECT count(*) AS count FROM service_careitem AS item
    WHERE item.round_id = round.id AND item.left_out = '' AND (item.liked_at IS NULL OR item.commented_at IS NULL)
) AS todo ON true
WHERE round.month = %(month)s AND (round.planned_on IS NULL OR round.planned_on < %(on)s)
GROUP BY round.id, capacity.minutes, capacity.weekdays
