-- Survivors whose newest decision for a purpose is this, on any channel.
-- Params, by position: purpose, is granted.
SELECT customer_id FROM people_consent_now WHERE purpose = %s AND is_granted = %s
