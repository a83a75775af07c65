-- Mark coupons whose time is over; one that is being used just now is left for the next round. Params: at timestamptz, size int.
UPDATE loyalty_coupon SET state = 'expired'
WHERE id IN (
    SELECT id FROM loyalty_coupon WHERE state = 'granted' AND expires_at <= %(at)s
    ORDER BY expires_at LIMIT %(size)s FOR UPDATE SKIP LOCKED
)
RETURNING id
