-- Where a set of friends waits to be written; of this session alone, empty at the end of each transaction.
CREATE TEMP TABLE IF NOT EXISTS wecom_given (
    userid text, external_userid text, customer_id bigint, name text, avatar text, kind int2, gender int2,
    unionid text, corp_name text, began_at timestamptz, add_way int2, state text, initiator text, remark text,
    description text, mobiles text[], corp_remark text, tag_ids text[], is_pending boolean, requested_at timestamptz,
    read_at timestamptz, staff_id bigint, contact_id bigint
) ON COMMIT DELETE ROWS;
TRUNCATE wecom_given
