-- Take away the waits that no longer follow from the turns of these conversations (a repeat or a late arrival can move
-- where a wait begins). Params: conversation text[], since timestamptz[]: the earliest moment at which each changed.
WITH edge AS (
    SELECT given.conversation,
           coalesce((
               SELECT max(turn.at) FROM service_turn AS turn
               WHERE turn.conversation = given.conversation AND NOT turn.is_inbound AND turn.at < given.since
           ), '-infinity') AS at
    FROM unnest(%(conversation)s::text[], %(since)s::timestamptz[]) AS given (conversation, since)
), turn AS (
    SELECT turn.conversation, turn.at, turn.is_inbound,
           count(*) FILTER (WHERE NOT turn.is_inbound) OVER (
               PARTITION BY turn.conversation ORDER BY turn.at, turn.is_inbound DESC, turn.key
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS run
    FROM edge JOIN service_turn AS turn ON turn.conversation = edge.conversation AND turn.at > edge.at
), begun AS (
    SELECT conversation, min(at) AS at FROM turn WHERE is_inbound GROUP BY conversation, run
)
DELETE FROM service_wait AS wait
USING edge
WHERE wait.conversation = edge.conversation AND wait.began_at > edge.at
  AND NOT EXISTS (
      SELECT FROM begun WHERE begun.conversation = wait.conversation AND begun.at = wait.began_at
  )
