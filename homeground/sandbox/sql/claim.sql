-- Claim receipts that are due, oldest first, for one try; they are due again after 5, 10, 20 … seconds.
-- Params: now timestamptz, attempts int (tries allowed), batch int.
UPDATE sandbox_receipt AS receipt
SET attempts = receipt.attempts + 1,
    due_at = %(now)s + interval '5 seconds' * power(2, receipt.attempts)
FROM (
    SELECT id
    FROM sandbox_receipt
    WHERE due_at <= %(now)s AND attempts < %(attempts)s
    ORDER BY due_at, id
    LIMIT %(batch)s
    FOR UPDATE SKIP LOCKED
) AS due, sandbox_message AS message
WHERE receipt.id = due.id AND message.id = receipt.message_id
RETURNING receipt.id, receipt.event, receipt.text, receipt.happened_at, message.reference, message.receipts_url
