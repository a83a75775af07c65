-- Move persons to the stage that their evidence gives, and keep each move; gives (customer, before, after, moment).
-- Params: ids bigint[]: customers of those persons; at timestamptz: when a step down happened.
WITH ladder(stage, step) AS (
    VALUES ('none', 0), ('one_way', 1), ('two_way', 2), ('many_way', 3)
), root AS (
    SELECT DISTINCT coalesce(merged_into_id, id) AS id FROM people_customer WHERE id = ANY(%(ids)s::bigint[])
), member AS (
    SELECT id, id AS root FROM root
    UNION ALL SELECT customer.id, root.id FROM people_customer AS customer JOIN root ON customer.merged_into_id = root.id
), evidence AS (
    SELECT member.root, found.name, found.first_at, ladder.step
    FROM member
    JOIN people_relationevidence AS found ON found.customer_id = member.id
    JOIN ladder USING (stage)
), reached AS (
    SELECT root.id, coalesce(max(evidence.step), 0) AS step
    FROM root LEFT JOIN evidence ON evidence.root = root.id GROUP BY root.id
), moving AS (
    SELECT reached.id, customer.relation AS before, after.stage AS after,
        CASE WHEN after.step < now.step OR after.step = 0 THEN %(at)s
             ELSE (SELECT min(first_at) FROM evidence WHERE evidence.root = reached.id AND evidence.step = reached.step)
        END AS moved_at,
        coalesce((SELECT jsonb_agg(DISTINCT name) FROM evidence WHERE evidence.root = reached.id AND evidence.step = reached.step), '[]') AS reasons
    FROM reached
    JOIN people_customer AS customer ON customer.id = reached.id
    JOIN ladder AS now ON now.stage = customer.relation
    JOIN ladder AS after ON after.step = reached.step
    WHERE customer.relation <> after.stage
), moved AS (
    UPDATE people_customer AS customer SET relation = moving.after FROM moving WHERE moving.id = customer.id
), kept AS (
    INSERT INTO people_relationmove (customer_id, before, after, reasons, moved_at)
    SELECT id, before, after, reasons, moved_at FROM moving
)
SELECT id, before, after, moved_at FROM moving ORDER BY id
