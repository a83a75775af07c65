-- Make the phones of addresses that have none yet.
-- Params: addresses text[], ats timestamptz[] (of one length).
INSERT INTO sandbox_phone (address, is_off, is_blocking, newest_at)
SELECT given.address, false, false, min(given.at)
FROM unnest(%(addresses)s::text[], %(ats)s::timestamptz[]) AS given (address, at)
GROUP BY given.address
ORDER BY given.address
ON CONFLICT (address) DO NOTHING
