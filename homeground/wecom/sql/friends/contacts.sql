-- Write the contacts of wecom_given. Gives (customer, nickname, moment) where the nickname is news, and the person has
-- no other name: a nickname does not replace what was learnt elsewhere.
WITH one AS (
    SELECT DISTINCT ON (external_userid) * FROM wecom_given ORDER BY external_userid, read_at DESC
), written AS (
    INSERT INTO wecom_externalcontact AS known (
        external_userid, customer_id, name, avatar, kind, gender, unionid, corp_name
    )
    SELECT external_userid, customer_id, name, avatar, kind, gender, unionid, corp_name FROM one
    ORDER BY external_userid
    ON CONFLICT (external_userid) DO UPDATE
    SET name = coalesce(nullif(excluded.name, ''), known.name),
        avatar = coalesce(nullif(excluded.avatar, ''), known.avatar),
        kind = excluded.kind,
        gender = coalesce(nullif(excluded.gender, 0), known.gender),
        unionid = coalesce(nullif(excluded.unionid, ''), known.unionid),
        corp_name = coalesce(nullif(excluded.corp_name, ''), known.corp_name)
    WHERE (known.name, known.avatar, known.kind, known.gender, known.unionid, known.corp_name)
        IS DISTINCT FROM (excluded.name, excluded.avatar, excluded.kind, excluded.gender, excluded.unionid,
            excluded.corp_name)
    RETURNING id, external_userid, customer_id, name
)
SELECT written.customer_id, written.name, CASE WHEN before.id IS NULL THEN one.began_at ELSE one.read_at END
FROM written
JOIN one USING (external_userid)
LEFT JOIN wecom_externalcontact AS before ON before.id = written.id
JOIN people_customer AS customer ON customer.id = written.customer_id
LEFT JOIN people_customer AS survivor ON survivor.id = customer.merged_into_id
WHERE written.name <> '' AND written.name IS DISTINCT FROM before.name
    AND coalesce(survivor.name, customer.name) IN ('', coalesce(before.name, ''), left(trim(written.name), 100))
