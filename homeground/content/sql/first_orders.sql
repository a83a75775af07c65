-- What customers could see of us in Moments before their first order (M63), oldest first: one row a post and way.
-- way: seen (a post that they can see; that they looked, nobody can tell), like, comment.
-- Params: customer_ids bigint[] (survivors); days int, how far back from the first order.
WITH person AS (
    SELECT id AS root_id, id AS customer_id FROM unnest(%(customer_ids)s::bigint[]) AS id
    UNION ALL
    SELECT merged_into_id, id FROM people_customer WHERE merged_into_id = ANY(%(customer_ids)s::bigint[])
),
first_order AS (
    SELECT person.root_id, min(orders.paid_at) AS paid_at
    FROM person JOIN commerce_order AS orders ON orders.customer_id = person.customer_id AND orders.kind = 'sale'
    GROUP BY person.root_id
),
contact AS (
    SELECT person.root_id, contact.id, first_order.paid_at
    FROM person
    JOIN first_order ON first_order.root_id = person.root_id
    JOIN wecom_externalcontact AS contact ON contact.customer_id = person.customer_id
),
sight AS (
    SELECT contact.root_id, contact.paid_at, viewer.post_id, 'seen' AS way, post.published_at AS at
    FROM contact
    JOIN wecom_momentviewer AS viewer ON viewer.contact_id = contact.id
    JOIN wecom_momentpost AS post ON post.id = viewer.post_id
    UNION ALL
    SELECT contact.root_id, contact.paid_at, reaction.post_id, reaction.kind, reaction.happened_at
    FROM contact JOIN wecom_momentreaction AS reaction ON reaction.contact_id = contact.id
)
SELECT sight.root_id, sight.at, sight.way, coalesce(plan.kind, label.kind, '') AS kind,
       coalesce(nullif(plan.topic, ''), left(moment.content ->> 'text', 40), '') AS topic
FROM sight
JOIN wecom_momentpost AS post ON post.id = sight.post_id
JOIN wecom_moment AS moment ON moment.id = post.moment_id
LEFT JOIN content_momentplan AS plan ON plan.moment_id = post.moment_id
LEFT JOIN content_momentlabel AS label ON label.moment_id = post.moment_id
WHERE sight.at < sight.paid_at AND sight.at >= sight.paid_at - make_interval(days => %(days)s)
ORDER BY sight.root_id, sight.at, sight.way
