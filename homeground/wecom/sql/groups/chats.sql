-- Write groups; gives the chat_ids that were written: not those read before what is known already.
-- Params, by position: chat_id, name, owner userid, notice, member_version text[], created_at, read_at timestamptz[].
INSERT INTO wecom_groupchat AS known (chat_id, name, owner_id, notice, member_version, created_at, seen_at)
SELECT said.chat_id, said.name, staff.id, said.notice, said.member_version, said.created_at, said.read_at
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    AS said(chat_id, name, owner, notice, member_version, created_at, read_at)
LEFT JOIN wecom_staff AS staff ON staff.userid = said.owner
ORDER BY said.chat_id
ON CONFLICT (chat_id) DO UPDATE
SET name = excluded.name, owner_id = coalesce(excluded.owner_id, known.owner_id), notice = excluded.notice,
    member_version = excluded.member_version, created_at = coalesce(excluded.created_at, known.created_at),
    seen_at = excluded.seen_at, dismissed_at = NULL
WHERE known.seen_at <= excluded.seen_at
RETURNING chat_id
