-- The waits that follow from the turns of these conversations: from a customer's first word to the next answer.
-- At one moment the customer's turn counts before the answer. Params: as in stale_waits.sql, which goes before; zone text.
-- One row for each wait that is new or changed.
WITH edge AS (
    SELECT given.conversation,
           coalesce((
               SELECT max(turn.at) FROM service_turn AS turn
               WHERE turn.conversation = given.conversation AND NOT turn.is_inbound AND turn.at < given.since
           ), '-infinity') AS at
    FROM unnest(%(conversation)s::text[], %(since)s::timestamptz[]) AS given (conversation, since)
), turn AS (
    SELECT turn.*,
           count(*) FILTER (WHERE NOT turn.is_inbound) OVER (
               PARTITION BY turn.conversation ORDER BY turn.at, turn.is_inbound DESC, turn.key
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS run
    FROM edge JOIN service_turn AS turn ON turn.conversation = edge.conversation AND turn.at > edge.at
), found AS (
    SELECT conversation, run,
           min(kind) AS kind, min(at) FILTER (WHERE is_inbound) AS began_at, count(*) FILTER (WHERE is_inbound) AS messages,
           max(at) FILTER (WHERE NOT is_inbound) AS answered_at,
           max(staff_id) FILTER (WHERE NOT is_inbound) AS answered_by,
           coalesce(max(closing) FILTER (WHERE NOT is_inbound), '') AS closing,
           (array_agg(staff_id ORDER BY at, key) FILTER (WHERE is_inbound))[1] AS staff_id,
           (array_agg(customer_id ORDER BY at, key) FILTER (WHERE is_inbound))[1] AS customer_id,
           (array_agg(external_userid ORDER BY at, key) FILTER (WHERE is_inbound))[1] AS external_userid,
           (array_agg(chat_id ORDER BY at, key) FILTER (WHERE is_inbound))[1] AS chat_id,
           (array_agg(label ORDER BY at, key) FILTER (WHERE is_inbound))[1] AS label
    FROM turn
    GROUP BY conversation, run
    HAVING bool_or(is_inbound)
)
INSERT INTO service_wait AS known (
    conversation, kind, staff_id, customer_id, external_userid, chat_id, label, messages, began_at, due_at,
    answered_at, answered_by_id, closing
)
SELECT found.conversation, found.kind, found.staff_id, found.customer_id, found.external_userid, found.chat_id, found.label,
       found.messages, found.began_at, due.at, found.answered_at, found.answered_by, found.closing
FROM found
LEFT JOIN LATERAL (
    SELECT clock.* FROM service_replyclock AS clock
    WHERE clock.kind = found.kind AND clock.valid_from <= found.began_at
    ORDER BY clock.valid_from DESC, clock.id DESC LIMIT 1
) AS clock ON true
CROSS JOIN LATERAL (
    SELECT found.began_at AT TIME ZONE %(zone)s AS moment,
           (found.began_at AT TIME ZONE %(zone)s)::date AS day,
           make_interval(mins => coalesce(clock.minutes, 10)) AS span
) AS local
CROSS JOIN LATERAL (
    SELECT min(local.day + n) + clock.starts AS opening
    FROM generate_series(1, 7) AS n
    WHERE extract(isodow FROM local.day + n) = ANY(clock.weekdays)
) AS next_day
CROSS JOIN LATERAL (
    SELECT extract(isodow FROM local.day) = ANY(clock.weekdays) AND local.moment::time < clock.ends AS is_open,
           greatest(local.moment, local.day + clock.starts) AS start
) AS today
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN clock.is_in_hours IS NOT TRUE THEN found.began_at + local.span
        WHEN NOT today.is_open THEN (next_day.opening + local.span) AT TIME ZONE %(zone)s
        WHEN today.start + local.span <= local.day + clock.ends THEN (today.start + local.span) AT TIME ZONE %(zone)s
        ELSE (next_day.opening + local.span - (local.day + clock.ends - today.start)) AT TIME ZONE %(zone)s
    END AS at
) AS due
ORDER BY found.conversation, found.began_at
ON CONFLICT (conversation, began_at) DO UPDATE
SET messages = excluded.messages, staff_id = excluded.staff_id, answered_at = excluded.answered_at,
    answered_by_id = excluded.answered_by_id, closing = excluded.closing
WHERE (known.messages, known.staff_id, known.answered_at, known.answered_by_id, known.closing)
      IS DISTINCT FROM
      (excluded.messages, excluded.staff_id, excluded.answered_at, excluded.answered_by_id, excluded.closing)
RETURNING id, conversation, kind, customer_id, answered_by_id, began_at, answered_at
