-- Whom a channel reaches: common table expressions of the guard and of the choice of a channel, after person.sql.
--   said       what the person last said of the candidate's purpose on its channel or "*". The newest counts; of two
--              at one moment, the withdrawal;
--   reachable  there is an address that the channel takes, or an open follow.
-- Params: address_channels text[], address_kinds text[] (pairs: this channel takes this kind of identity);
-- friend_channels text[] (they reach by an open WeCom follow, not by an identity); consent_channels text[],
-- consent_slugs text[] (pairs: what was said about this slug counts for this channel too).
said AS (
    SELECT p.candidate_id,
           max(k.decided_at) FILTER (WHERE k.is_granted) AS granted_at,
           max(k.decided_at) FILTER (WHERE NOT k.is_granted) AS withdrawn_at
    FROM person p
    JOIN people_consent k ON k.customer_id = p.customer_id
     AND k.purpose = CASE WHEN p.is_promotion THEN 'promotion' ELSE 'service' END
     AND (k.channel IN (p.channel, '*') OR (p.channel, k.channel) IN (
         SELECT * FROM unnest(%(consent_channels)s::text[], %(consent_slugs)s::text[])))
    GROUP BY p.candidate_id
),
reachable AS (
    SELECT DISTINCT p.candidate_id
    FROM person p
    JOIN people_identity i ON i.customer_id = p.customer_id
    JOIN unnest(%(address_channels)s::text[], %(address_kinds)s::text[]) AS takes (channel, kind)
      ON takes.channel = p.channel AND takes.kind = i.kind
    UNION
    SELECT p.candidate_id
    FROM person p
    JOIN wecom_externalcontact contact ON contact.customer_id = p.customer_id
    JOIN wecom_follow follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
    JOIN wecom_staff staff ON staff.id = follow.staff_id AND staff.is_active
    WHERE p.channel = ANY(%(friend_channels)s::text[])
)
