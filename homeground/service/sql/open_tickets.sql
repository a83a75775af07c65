-- Opens a ticket for each customer and queue that has none open, from the first message given; a matter that is open
-- already is kept, and graver when a complaint joins it: then with a complaint's time. Returns (ticket_id, is_new) of
-- each message in the order given; is_new is true for the message that opened the ticket.
-- Params, arrays of one length: customers bigint[], queues text[], complaints bool[], texts text[], places text[],
-- chats text[], ats timestamptz[], dues timestamptz[], staff bigint[] (null: nobody yet); by text.
WITH given AS (
    SELECT * FROM unnest(
        %(customers)s::bigint[], %(queues)s::text[], %(complaints)s::boolean[], %(texts)s::text[], %(places)s::text[],
        %(chats)s::text[], %(ats)s::timestamptz[], %(dues)s::timestamptz[], %(staff)s::bigint[]
    ) WITH ORDINALITY AS g (customer_id, queue, is_complaint, text, place, chat_id, at, due_at, staff_id, number)
),
matter AS (
    SELECT DISTINCT ON (customer_id, queue) customer_id, queue, text, place, chat_id, at, staff_id, number,
           bool_or(is_complaint) OVER same AS is_complaint,
           min(due_at) FILTER (WHERE is_complaint) OVER same AS complaint_due_at,
           due_at
    FROM given
    WINDOW same AS (PARTITION BY customer_id, queue)
    ORDER BY customer_id, queue, number
),
ticket AS (
    -- DO UPDATE, not DO NOTHING: it also gives back a ticket that another transaction opened a moment ago.
    INSERT INTO service_ticket AS t (customer_id, queue, is_complaint, text, place, chat_id, staff_id, state, opened_by,
                                     opened_at, due_at, closed_by, resolution)
    SELECT customer_id, queue, is_complaint, left(text, 2000), place, chat_id, staff_id, 'open', %(by)s, at,
           least(due_at, complaint_due_at), '', ''
    FROM matter
    ORDER BY customer_id, queue
    ON CONFLICT (customer_id, queue) WHERE closed_at IS NULL DO UPDATE
    SET is_complaint = t.is_complaint OR excluded.is_complaint,
        due_at = CASE WHEN excluded.is_complaint AND NOT t.is_complaint THEN least(t.due_at, excluded.due_at) ELSE t.due_at END
    RETURNING id, customer_id, queue, xmax = 0 AS is_new
)
SELECT ticket.id, ticket.is_new AND given.number = matter.number
FROM given
JOIN matter USING (customer_id, queue)
JOIN ticket USING (customer_id, queue)
ORDER BY given.number
