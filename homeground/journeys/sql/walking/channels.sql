-- Each channel for each customer, the one to take first: (root_id, channel, reason, answered_at). reason empty: it
-- reaches them, else off | opted_out | no_consent | no_address. answered_at: when they last answered, opened or clicked there, where
-- that counts; it goes before the order of the list.
-- Begins with person.sql and reach.sql over `asked`, which has place too. Params, with those of reach.sql:
-- enabled_channels text[]; answered_first, for_promotions boolean; since timestamptz (what they did before it counts no more).
heard AS (
    SELECT p.candidate_id, max(greatest(t.answered_at, t.clicked_at, t.opened_at)) AS at
    FROM person p JOIN journeys_touch t ON t.customer_id = p.customer_id AND t.channel = p.channel
    WHERE %(answered_first)s AND greatest(t.answered_at, t.clicked_at, t.opened_at) > %(since)s::timestamptz
    GROUP BY p.candidate_id
),
judged AS (
    SELECT asked.root_id, asked.channel, asked.place, heard.at AS answered_at,
           CASE
               WHEN asked.channel <> ALL (%(enabled_channels)s::text[]) THEN 'off'
               WHEN said.withdrawn_at >= coalesce(said.granted_at, said.withdrawn_at) THEN 'opted_out'
               WHEN %(for_promotions)s AND said.granted_at IS NULL THEN 'no_consent'
               WHEN reachable.candidate_id IS NULL THEN 'no_address'
               ELSE ''
           END AS reason
    FROM asked
    LEFT JOIN said ON said.candidate_id = asked.candidate_id
    LEFT JOIN reachable ON reachable.candidate_id = asked.candidate_id
    LEFT JOIN heard ON heard.candidate_id = asked.candidate_id
)
