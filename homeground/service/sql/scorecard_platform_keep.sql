-- Keep the platform's figures; a day that is there already is overwritten by what was read later.
-- Params, by position: staff bigint[], day date[], applied, added, chats, messages int[], reply_bp, reply_minutes int[],
-- removed int[], moment timestamptz.
INSERT INTO service_platformday
    (staff_id, day, applied, added, chats, messages, reply_bp, reply_minutes, removed, read_at)
SELECT said.*, moment.at
FROM unnest(%s::bigint[], %s::date[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[]) AS said,
    (SELECT %s::timestamptz AS at) AS moment
ON CONFLICT (staff_id, day) DO UPDATE
SET applied = excluded.applied, added = excluded.added, chats = excluded.chats, messages = excluded.messages,
    reply_bp = excluded.reply_bp, reply_minutes = excluded.reply_minutes, removed = excluded.removed,
    read_at = excluded.read_at
