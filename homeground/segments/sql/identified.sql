-- The customer of each identity that is somebody's: the survivor where they were merged.
-- Params: kinds text[], values text[], of one length.
SELECT coalesce(customer.merged_into_id, customer.id)
FROM unnest(%(kinds)s::text[], %(values)s::text[]) AS named (kind, value)
JOIN people_identity AS identity USING (kind, value)
JOIN people_customer AS customer ON customer.id = identity.customer_id
