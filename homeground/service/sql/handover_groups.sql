-- One row for each group chat of the giver, dealt out among the takers one by one.
-- Params: handover, giver bigint, takers bigint[].
INSERT INTO service_handoveritem (handover_id, chat_id, taker_id, state, code)
SELECT %(handover)s, chat.id,
       (%(takers)s::bigint[])[1 + (row_number() OVER (ORDER BY chat.id) - 1) %% cardinality(%(takers)s::bigint[])],
       'planned', 0
FROM wecom_groupchat AS chat
WHERE chat.owner_id = %(giver)s AND chat.dismissed_at IS NULL
