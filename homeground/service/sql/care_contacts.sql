-- Bring the care rounds of one month in step with the friends of each member: friends who are new get a place from A to
-- Z behind those who have one, friends who are gone are left out, and in again when they come back. Params: month date; letter and spelling text[] of one
-- length: the first character of a name, and how it is spelled ("l", "li").
WITH gone AS (
    UPDATE service_careitem AS item
    SET left_out = 'no_longer_friend'
    FROM service_careround AS round
    WHERE round.id = item.round_id AND round.month = %(month)s AND item.left_out = ''
      AND NOT EXISTS (
          SELECT FROM wecom_follow AS follow
          WHERE follow.staff_id = round.staff_id AND follow.contact_id = item.contact_id AND follow.ended_at IS NULL
      )
), back AS (
    UPDATE service_careitem AS item
    SET left_out = ''
    FROM service_careround AS round
    JOIN wecom_follow AS follow ON follow.staff_id = round.staff_id AND follow.ended_at IS NULL AND NOT follow.is_pending
    WHERE round.id = item.round_id AND round.month = %(month)s AND follow.contact_id = item.contact_id
      AND item.left_out = 'no_longer_friend'
), named AS (
    SELECT round.id AS round_id, follow.contact_id, coalesce(nullif(follow.remark, ''), contact.name) AS name
    FROM service_careround AS round
    JOIN wecom_follow AS follow
      ON follow.staff_id = round.staff_id AND follow.ended_at IS NULL AND NOT follow.is_pending
    JOIN wecom_externalcontact AS contact ON contact.id = follow.contact_id
    WHERE round.month = %(month)s
      AND NOT EXISTS (
          SELECT FROM service_careitem AS item WHERE item.round_id = round.id AND item.contact_id = follow.contact_id
      )
), reached AS (
    SELECT item.round_id, max(item.position) AS position
    FROM service_careround AS round JOIN service_careitem AS item ON item.round_id = round.id
    WHERE round.month = %(month)s
    GROUP BY item.round_id
), spelled AS (
    SELECT * FROM unnest(%(letter)s::text[], %(spelling)s::text[]) AS given (letter, spelling)
)
INSERT INTO service_careitem (round_id, contact_id, initial, position, left_out)
SELECT named.round_id, named.contact_id, coalesce(upper(left(spelled.spelling, 1)), '#'),
       coalesce(reached.position, 0)
       + row_number() OVER (
           PARTITION BY named.round_id
           ORDER BY spelled.spelling IS NULL, spelled.spelling, named.name, named.contact_id
       ), ''
FROM named
LEFT JOIN reached ON reached.round_id = named.round_id
LEFT JOIN spelled ON spelled.letter = left(named.name, 1)
ON CONFLICT DO NOTHING
