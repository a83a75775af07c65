-- The turns that friend requests are. A yes counts only where somebody asked: most friends were added without.
-- Params: arrays of one length: userid text[], customer_id bigint[], at timestamptz[], is_inbound boolean[].
-- One row for each that is new.
WITH given AS (
    SELECT 'request:' || staff.userid || ':' || said.customer_id AS conversation, staff.id AS staff_id, said.*
    FROM unnest(%(userid)s::text[], %(customer_id)s::bigint[], %(at)s::timestamptz[], %(is_inbound)s::boolean[])
        AS said (userid, customer_id, at, is_inbound)
    JOIN wecom_staff AS staff ON staff.userid = lower(said.userid)
)
INSERT INTO service_turn (
    key, conversation, kind, at, is_inbound, staff_id, customer_id, external_userid, chat_id, label, closing, by
)
SELECT DISTINCT ON (given.conversation, given.at, given.is_inbound)
       CASE WHEN given.is_inbound THEN 'asked:' ELSE 'accepted:' END || extract(epoch FROM given.at)::bigint,
       given.conversation, 'request', given.at, given.is_inbound, given.staff_id, given.customer_id,
       coalesce((
           SELECT contact.external_userid FROM wecom_externalcontact AS contact
           WHERE contact.customer_id = given.customer_id ORDER BY contact.id LIMIT 1
       ), ''), '', '', CASE WHEN given.is_inbound THEN '' ELSE 'message' END, ''
FROM given
WHERE given.is_inbound
   OR EXISTS (SELECT FROM service_turn AS asked WHERE asked.conversation = given.conversation AND asked.is_inbound)
   OR EXISTS (SELECT FROM given AS asked WHERE asked.conversation = given.conversation AND asked.is_inbound)
ON CONFLICT (conversation, key) DO NOTHING
RETURNING conversation, at
