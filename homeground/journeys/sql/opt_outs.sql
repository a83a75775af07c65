-- Notes on touches that their receiver withdrew consent through them: the harm that a campaign did (M2).
-- The consent's proof names the touch; withdrawals elsewhere are not laid at any campaign's door.
-- Params: customer_ids bigint[], whose withdrawals are looked at.
UPDATE journeys_touch AS t SET opted_out_at = least(t.opted_out_at, k.decided_at)
FROM people_consent k
WHERE k.customer_id = ANY(%(customer_ids)s) AND NOT k.is_granted AND k.proof ->> 'touch_id' ~ '^[0-9]{1,18}$'
  AND t.id = (k.proof ->> 'touch_id')::bigint AND t.customer_id IN (
      SELECT id FROM people_customer
      WHERE coalesce(merged_into_id, id) = (SELECT coalesce(merged_into_id, id) FROM people_customer WHERE id = k.customer_id)
  )
  AND t.opted_out_at IS DISTINCT FROM least(t.opted_out_at, k.decided_at)
