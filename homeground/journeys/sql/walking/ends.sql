-- Which walks these events end, and how: (enrolment, ending). Only what happened after the walk began counts; of several
-- the first; of two at one moment the goal.
-- Params: versions bigint[], customers bigint[], moments timestamptz[], endings text[] (goal, exit).
SELECT DISTINCT ON (e.id) e.id, sign.ending
FROM unnest(%(versions)s::bigint[], %(customers)s::bigint[], %(moments)s::timestamptz[], %(endings)s::text[])
    AS sign (version_id, customer_id, at, ending)
JOIN journeys_enrolment e ON e.version_id = sign.version_id AND e.customer_id = sign.customer_id
WHERE e.state = 'walking' AND sign.at > e.entered_at
ORDER BY e.id, sign.at, sign.ending = 'goal' DESC
