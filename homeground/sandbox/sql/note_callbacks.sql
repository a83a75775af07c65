-- Write down what tries came to; the last one that fails drops the callback.
-- Params: ids bigint[], answers text[], taken boolean[], milliseconds int[] (of one length), now timestamptz, tries int.
UPDATE sandbox_corpcallback AS callback
SET answer = came.answer,
    milliseconds = came.milliseconds,
    told_at = CASE WHEN came.taken THEN %(now)s END,
    state = CASE WHEN came.taken THEN 'taken' WHEN callback.tries >= %(tries)s THEN 'dropped' ELSE 'waiting' END
FROM unnest(%(ids)s::bigint[], %(answers)s::text[], %(taken)s::boolean[], %(milliseconds)s::int[])
    AS came (id, answer, taken, milliseconds)
WHERE callback.id = came.id
