-- Where a call of receive() puts its rows before those that are known are left out. JSON is text here: binary COPY is fastest so.
CREATE TEMPORARY TABLE IF NOT EXISTS stream_incoming (
    day date, key uuid, name text, customer_id bigint, identities text, source text,
    happened_at timestamptz, received_at timestamptz, properties text
) ON COMMIT DELETE ROWS
