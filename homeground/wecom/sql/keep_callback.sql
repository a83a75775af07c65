-- Keep a callback once; one that is there is counted. One row: how often it had come before; no row: it is there for more
-- than an hour, which no repeat of the platform is (three tries within seconds).
-- Params: app, key, event, subject, userid, body, told_at, now, state, handled_at, is_known, welcome_code, welcome.
INSERT INTO wecom_callback AS known (
    app, key, event, subject, userid, body, told_at, received_at, repeats, state, handled_at, attempts, try_at,
    is_known, error, welcome_code, welcome, welcome_error
)
VALUES (
    %(app)s, %(key)s, %(event)s, %(subject)s, %(userid)s, %(body)s, %(told_at)s, %(now)s, 0, %(state)s,
    %(handled_at)s, 0, %(now)s, %(is_known)s, '', %(welcome_code)s, %(welcome)s, ''
)
ON CONFLICT (key) DO UPDATE SET repeats = known.repeats + 1
WHERE known.received_at > %(now)s - interval '1 hour'
RETURNING repeats
