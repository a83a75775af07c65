-- Keep the corp's tags as the platform lists them.
-- Params, by position: tag_id text[], group_id text[], group_name text[], name text[], order bigint[].
INSERT INTO wecom_corptag AS known (tag_id, group_id, group_name, name, "order", is_ours, is_deleted)
SELECT DISTINCT ON (tag_id) tag_id, group_id, group_name, name, rank, false, false
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[]) AS said(tag_id, group_id, group_name, name, rank)
ORDER BY tag_id
ON CONFLICT (tag_id) DO UPDATE
SET group_id = excluded.group_id, group_name = excluded.group_name, name = excluded.name, "order" = excluded."order",
    is_deleted = false
WHERE (known.group_id, known.group_name, known.name, known."order", known.is_deleted)
    IS DISTINCT FROM (excluded.group_id, excluded.group_name, excluded.name, excluded."order", false)
