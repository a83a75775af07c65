-- Where the members of some groups wait to be written; of this session alone, empty at the end of each transaction.
CREATE TEMP TABLE IF NOT EXISTS wecom_given_member (
    chat_id text, member_id text, is_external boolean, customer_id bigint, name text, joined_at timestamptz,
    join_scene int2, invited_by text, state text, read_at timestamptz
) ON COMMIT DELETE ROWS;
TRUNCATE wecom_given_member
