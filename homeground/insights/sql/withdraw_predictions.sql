-- Predictions of persons who bought after the newest order that theirs knows of: gone. Gives whose.
-- Params: ids bigint[] (survivors), moments timestamptz[].
DELETE FROM insights_prediction AS known
USING unnest(%(ids)s::bigint[], %(moments)s::timestamptz[]) AS bought(id, at)
WHERE known.customer_id = bought.id AND bought.at > known.last_order_at
RETURNING known.customer_id
