-- The work of a day by member and kind: what is there, and what was done on it.
-- Params: staff bigint[] (of wecom_staff), on date, since and until timestamptz (the day), now timestamptz.
-- What is there: waits and requests that are open, tickets that are theirs, sends to confirm and Moments to publish, tasks due by the day, the
-- friends that the care round chose. `late`: of them, past their time.
SELECT staff_id, kind, sum(open)::int AS open, sum(late)::int AS late, sum(done)::int AS done
FROM (
    SELECT wait.staff_id, CASE WHEN wait.kind = 'request' THEN 'request' ELSE 'wait' END AS kind, 1 AS open,
           (wait.due_at < %(now)s)::int AS late, 0 AS done
    FROM service_wait AS wait
    WHERE wait.answered_at IS NULL AND wait.staff_id = ANY(%(staff)s::bigint[])
    UNION ALL
    SELECT wait.answered_by_id, CASE WHEN wait.kind = 'request' THEN 'request' ELSE 'wait' END, 0, 0, 1
    FROM service_wait AS wait
    WHERE wait.answered_at >= %(since)s AND wait.answered_at < %(until)s
      AND wait.answered_by_id = ANY(%(staff)s::bigint[])
    UNION ALL
    SELECT ticket.staff_id, 'ticket', (ticket.closed_at IS NULL)::int,
           (ticket.closed_at IS NULL AND ticket.due_at < %(now)s)::int, (ticket.closed_at IS NOT NULL)::int
    FROM service_ticket AS ticket
    WHERE ticket.staff_id = ANY(%(staff)s::bigint[])
      AND (ticket.closed_at IS NULL OR (ticket.closed_at >= %(since)s AND ticket.closed_at < %(until)s))
    UNION ALL
    SELECT task.staff_id, 'mass_send', (task.confirmed_at IS NULL)::int,
           (task.confirmed_at IS NULL AND send.expires_at < %(now)s)::int, (task.confirmed_at IS NOT NULL)::int
    FROM wecom_masssendtask AS task
    JOIN wecom_masssend AS send ON send.id = task.mass_send_id
    WHERE task.staff_id = ANY(%(staff)s::bigint[])
      AND ((task.confirmed_at IS NULL AND send.state = 'placed' AND NOT send.is_personal)
           OR (task.confirmed_at >= %(since)s AND task.confirmed_at < %(until)s))
    UNION ALL
    SELECT post.staff_id, 'moment', (post.published_at IS NULL)::int,
           (post.published_at IS NULL AND moment.expires_at < %(now)s)::int, (post.published_at IS NOT NULL)::int
    FROM wecom_momentpost AS post
    JOIN wecom_moment AS moment ON moment.id = post.moment_id
    WHERE post.staff_id = ANY(%(staff)s::bigint[])
      AND ((post.published_at IS NULL AND moment.state = 'placed' AND NOT moment.is_personal)
           OR (post.published_at >= %(since)s AND post.published_at < %(until)s AND NOT moment.is_personal))
    UNION ALL
    SELECT task.staff_id, task.kind, count(*), count(*) FILTER (WHERE task.due_on < %(on)s), 0
    FROM service_task AS task
    WHERE task.state = 'open' AND task.due_on <= %(on)s AND task.staff_id = ANY(%(staff)s::bigint[])
    GROUP BY task.staff_id, task.kind
    UNION ALL
    SELECT task.staff_id, task.kind, 0, 0, count(*)
    FROM service_task AS task
    WHERE task.state IN ('done', 'skipped') AND task.closed_at >= %(since)s AND task.closed_at < %(until)s
      AND task.staff_id = ANY(%(staff)s::bigint[])
    GROUP BY task.staff_id, task.kind
    UNION ALL
    SELECT round.staff_id, 'care',
           count(*) FILTER (WHERE item.left_out = '' AND (item.liked_at IS NULL OR item.commented_at IS NULL)), 0,
           count(*) FILTER (WHERE item.left_out <> '' OR (item.liked_at IS NOT NULL AND item.commented_at IS NOT NULL))
    FROM service_careround AS round
    JOIN service_careitem AS item ON item.round_id = round.id AND item.planned_on = %(on)s
    WHERE round.staff_id = ANY(%(staff)s::bigint[])
    GROUP BY round.staff_id
) AS work (staff_id, kind, open, late, done)
GROUP BY staff_id, kind
