-- Everybody behind a candidate, for the common table expressions that follow: a survivor with all merged into it.
-- Stands after `asked` (candidate_id, root_id, channel, relation, is_promotion, since).
person AS (
    SELECT candidate_id, root_id AS customer_id, channel, relation, is_promotion, since FROM asked
    UNION ALL
    SELECT a.candidate_id, absorbed.id, a.channel, a.relation, a.is_promotion, a.since
    FROM asked a JOIN people_customer absorbed ON absorbed.merged_into_id = a.root_id
)
