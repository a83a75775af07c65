-- End items of handovers that have not ended yet. Gives (item, state, giver's userid, taker's userid, external_userid
-- or null, customer or null, moment) of each that did.
-- Params, by position: item bigint[], state text[], code int[], moment timestamptz[].
WITH ended AS (
    UPDATE service_handoveritem AS item
    SET state = told.state, code = told.code, ended_at = told.at
    FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::timestamptz[]) AS told(id, state, code, at)
    WHERE item.id = told.id AND item.ended_at IS NULL
    RETURNING item.*
)
SELECT ended.id, ended.state, giver.userid, taker.userid, contact.external_userid, contact.customer_id, ended.ended_at
FROM ended
JOIN service_handover AS handover ON handover.id = ended.handover_id
JOIN wecom_staff AS giver ON giver.id = handover.giver_id
JOIN wecom_staff AS taker ON taker.id = ended.taker_id
LEFT JOIN wecom_externalcontact AS contact ON contact.id = ended.contact_id
