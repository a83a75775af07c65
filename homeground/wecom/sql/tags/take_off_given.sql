-- Take off the corp's tags that the platform does not show on the follows of wecom_given any more. What was put on after
-- the platform was read stays. Gives (customer, corp tag) where ours was on, too, and is not ours alone to decide.
WITH gone AS (
    DELETE FROM wecom_followtag AS put
    USING wecom_given AS given, wecom_follow AS follow, wecom_corptag AS corp
    WHERE follow.staff_id = given.staff_id AND follow.contact_id = given.contact_id AND follow.ended_at IS NULL
        AND put.follow_id = follow.id AND corp.id = put.tag_id AND given.tag_ids IS NOT NULL
        AND put.put_at < given.read_at AND NOT (corp.tag_id = ANY(given.tag_ids))
    RETURNING given.customer_id, put.tag_id, put.is_in_step AND NOT corp.is_ours AS was_in_step
)
SELECT DISTINCT customer_id, tag_id FROM gone WHERE was_in_step
