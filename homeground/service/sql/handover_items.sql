-- One row for each candidate, with its taker: number n of a rule goes to the taker whose range (low, high] has it.
-- A customer whom we handed over twice since often_since is kept, not to be asked: the platform would refuse (40128).
-- Params: handover bigint, positions int[], takers bigint[], lows and highs bigint[] (side by side), often_since, at
-- timestamptz. Reads handover_candidate.
INSERT INTO service_handoveritem (handover_id, contact_id, taker_id, state, code, ended_at)
SELECT %(handover)s, candidate.contact_id, share.taker,
       CASE WHEN often.times >= 2 THEN 'too_often' ELSE 'planned' END, 0,
       CASE WHEN often.times >= 2 THEN %(at)s END
FROM handover_candidate AS candidate
JOIN unnest(%(positions)s::int[], %(takers)s::bigint[], %(lows)s::bigint[], %(highs)s::bigint[])
    AS share(position, taker, low, high)
    ON share.position = candidate.position AND candidate.n > share.low AND candidate.n <= share.high
LEFT JOIN LATERAL (
    SELECT count(*) AS times FROM service_handoveritem AS earlier
    WHERE earlier.contact_id = candidate.contact_id AND earlier.state = 'done'
        AND earlier.ended_at >= %(often_since)s
) AS often ON true
