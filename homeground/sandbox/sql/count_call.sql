-- Count one call of an API of the sandbox corp; a window that is over begins again with this call.
-- Params: api, at (by the corp's clock). One row: in_minute, in_hour, blocked_until.
INSERT INTO sandbox_callcount AS old (api, minute_at, in_minute, hour_at, in_hour, total)
VALUES (%(api)s, %(at)s, 1, %(at)s, 1, 1)
ON CONFLICT (api) DO UPDATE SET
    -- A clock that was set back begins a window too: hence both bounds.
    in_minute = CASE
        WHEN %(at)s BETWEEN old.minute_at AND old.minute_at + interval '1 minute' THEN old.in_minute + 1 ELSE 1 END,
    minute_at = CASE
        WHEN %(at)s BETWEEN old.minute_at AND old.minute_at + interval '1 minute' THEN old.minute_at ELSE %(at)s END,
    in_hour = CASE
        WHEN %(at)s BETWEEN old.hour_at AND old.hour_at + interval '1 hour' THEN old.in_hour + 1 ELSE 1 END,
    hour_at = CASE
        WHEN %(at)s BETWEEN old.hour_at AND old.hour_at + interval '1 hour' THEN old.hour_at ELSE %(at)s END,
    total = old.total + 1
RETURNING in_minute, in_hour, blocked_until
