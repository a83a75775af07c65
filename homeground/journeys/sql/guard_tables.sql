-- The temporary tables of one judgement, emptied. guard_candidate: the touches that are asked about.
-- id: what tells them apart (a touch's id; where there is none yet, a customer's or a number). root_id: the person's
-- survivor, whose relation and zone count. since: a purchase after it makes the promotion pointless; null: none can.
-- has_left: the walk it belongs to ended before its time.
-- waited_for, waited_detail: why it was put off so far. is_own: asked about for itself, not as a rival of others.
-- guard_verdict: what came of each.
CREATE TEMPORARY TABLE IF NOT EXISTS guard_candidate (
    id bigint, campaign_id bigint, customer_id bigint, root_id bigint, enrolment_id bigint, step int, channel text,
    is_promotion boolean, relation text, time_zone text, has_need boolean, has_left boolean, since timestamptz,
    expires_at timestamptz, waited_for text, waited_detail jsonb, waits_from timestamptz, is_own boolean DEFAULT true
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS guard_verdict (
    id bigint, state text, reason text, detail jsonb, due_at timestamptz
) ON COMMIT DELETE ROWS;
DELETE FROM guard_candidate;  -- Of an earlier use in the same transaction.
DELETE FROM guard_verdict
