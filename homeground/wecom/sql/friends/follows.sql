-- Write the follows of wecom_given. One that was told ended, and that an older reading still shows, stays ended.
-- Gives those with news: (customer, userid, external_userid, began_at, state, add_way, is_added, is_requested, mobiles
-- where noted anew, moment).
WITH written AS (
    INSERT INTO wecom_follow AS known (
        staff_id, contact_id, began_at, ending, is_pending, requested_at, add_way, state, initiator, remark, description,
        mobiles, corp_remark, seen_at
    )
    SELECT given.staff_id, given.contact_id, given.began_at, '', coalesce(given.is_pending, was.is_pending, false),
        given.requested_at, given.add_way, given.state, given.initiator, coalesce(given.remark, was.remark, ''),
        coalesce(given.description, was.description, ''), coalesce(given.mobiles, was.mobiles, '{}'),
        coalesce(given.corp_remark, was.corp_remark, ''), given.read_at
    FROM wecom_given AS given
    LEFT JOIN wecom_follow AS was
        ON was.staff_id = given.staff_id AND was.contact_id = given.contact_id AND was.ended_at IS NULL
    WHERE NOT EXISTS (
        SELECT FROM wecom_follow AS past
        WHERE past.staff_id = given.staff_id AND past.contact_id = given.contact_id AND past.ended_at IS NOT NULL
            AND past.began_at >= given.began_at - interval '5 seconds'
    )
    ORDER BY given.staff_id, given.contact_id
    ON CONFLICT (staff_id, contact_id) WHERE ended_at IS NULL DO UPDATE
    SET began_at = excluded.began_at,
        is_pending = known.is_pending AND excluded.is_pending,
        requested_at = coalesce(known.requested_at, excluded.requested_at),
        add_way = coalesce(nullif(excluded.add_way, 0), known.add_way),
        state = coalesce(nullif(excluded.state, ''), known.state),
        initiator = coalesce(nullif(excluded.initiator, ''), known.initiator),
        remark = excluded.remark, description = excluded.description, mobiles = excluded.mobiles,
        corp_remark = excluded.corp_remark, seen_at = excluded.seen_at
    WHERE known.seen_at <= excluded.seen_at
    RETURNING id, staff_id, contact_id, began_at, is_pending, state, add_way, mobiles
)
SELECT given.customer_id, given.userid, given.external_userid, written.began_at, written.state, written.add_way,
    NOT written.is_pending AND (before.id IS NULL OR before.is_pending) AS is_added,
    written.is_pending AND before.id IS NULL AS is_requested,
    CASE WHEN written.mobiles IS DISTINCT FROM coalesce(before.mobiles, '{}') THEN written.mobiles END AS mobiles,
    given.read_at
FROM written
JOIN wecom_given AS given USING (staff_id, contact_id)
LEFT JOIN wecom_follow AS before ON before.id = written.id AND before.ended_at IS NULL
WHERE before.id IS NULL OR before.is_pending <> written.is_pending
    OR written.mobiles IS DISTINCT FROM before.mobiles
