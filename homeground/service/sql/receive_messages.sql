-- Keep chat messages that are not there yet. One row for each new one.
-- Params: arrays of one length: msgid, place, userid, external_userid, customer_id, chat_id, is_from_customer, mentions
-- (a JSON array each), words, at, source; keeps_words boolean, now timestamptz.
INSERT INTO service_chatmessage (
    msgid, place, staff_id, external_userid, customer_id, chat_id, is_from_customer, mentions, text, at, source, erased_at
)
SELECT DISTINCT ON (given.msgid)
    given.msgid, given.place, staff.id, given.external_userid, given.customer_id, given.chat_id, given.is_from_customer,
    ARRAY(SELECT jsonb_array_elements_text(given.mentions::jsonb)),
    CASE WHEN %(keeps_words)s THEN given.words ELSE '' END, given.at, given.source,
    CASE WHEN NOT %(keeps_words)s THEN %(now)s END
FROM unnest(
    %(msgid)s::text[], %(place)s::text[], %(userid)s::text[], %(external_userid)s::text[], %(customer_id)s::bigint[],
    %(chat_id)s::text[], %(is_from_customer)s::boolean[], %(mentions)s::text[], %(words)s::text[],
    %(at)s::timestamptz[], %(source)s::text[]
) AS given (
    msgid, place, userid, external_userid, customer_id, chat_id, is_from_customer, mentions, words, at, source
)
LEFT JOIN wecom_staff AS staff ON staff.userid = given.userid
ORDER BY given.msgid, given.at
ON CONFLICT (msgid) DO NOTHING
RETURNING id, msgid
