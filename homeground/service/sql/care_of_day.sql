-- Choose the friends of a day: the first so many of each round that still lack a like or a comment.
-- Params: on date; round_id bigint[] and quota int[] of one length.
WITH given AS (
    SELECT * FROM unnest(%(round_id)s::bigint[], %(quota)s::int[]) AS given (round_id, quota)
), chosen AS (
    SELECT item.id
    FROM given
    JOIN LATERAL (
        SELECT id FROM service_careitem AS item
        WHERE item.round_id = given.round_id AND item.left_out = ''
          AND (item.liked_at IS NULL OR item.commented_at IS NULL)
        ORDER BY item.position LIMIT given.quota
    ) AS item ON true
), planned AS (
    UPDATE service_careround AS round SET planned_on = %(on)s FROM given WHERE round.id = given.round_id
)
UPDATE service_careitem AS item SET planned_on = %(on)s FROM chosen WHERE item.id = chosen.id
