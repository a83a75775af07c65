-- What came of a campaign's groups by owner: (staff row, groups with somebody who wrote in it within three days of the
-- delivery, groups with somebody who bought after it and within the window). Groups as frozen; what caused it nobody can
-- tell. Params: campaign_id; until timestamptz (where the window ends).
WITH delivered AS (
    SELECT r.staff_id, g.chat_id, r.sent_at, t.customer_ids
    FROM journeys_grouptouch t
    JOIN wecom_groupchat g ON g.id = t.chat_id
    JOIN wecom_masssend s ON s.key = t.key
    JOIN wecom_masssendrecipient r ON r.mass_send_id = s.id AND r.recipient = g.chat_id AND r.status = 1
    WHERE t.campaign_id = %(campaign_id)s
)
SELECT staff_id,
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM service_chatmessage said
           WHERE said.chat_id = d.chat_id AND said.is_from_customer
             AND said.at > d.sent_at AND said.at <= d.sent_at + interval '3 days'
       )),
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM people_customer person
           JOIN commerce_order o ON o.customer_id = person.id AND o.kind = 'sale'
            AND o.paid_at > d.sent_at AND o.paid_at <= %(until)s::timestamptz
           WHERE coalesce(person.merged_into_id, person.id) = ANY(d.customer_ids)
       ))
FROM delivered d
GROUP BY staff_id
