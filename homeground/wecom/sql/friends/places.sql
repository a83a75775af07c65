-- Make the members who are not known yet, and look up the keys of everybody in wecom_given.
WITH missing AS (
    INSERT INTO wecom_staff (userid, name, department, position, avatar, is_active)
    SELECT DISTINCT given.userid, '', '', '', '', true FROM wecom_given AS given
    WHERE NOT EXISTS (SELECT FROM wecom_staff AS staff WHERE staff.userid = given.userid)
    ORDER BY given.userid
    ON CONFLICT (userid) DO NOTHING
    RETURNING id, userid
), staff AS (
    SELECT id, userid FROM missing UNION ALL SELECT id, userid FROM wecom_staff
)
UPDATE wecom_given AS given SET staff_id = staff.id, contact_id = contact.id
FROM staff, wecom_externalcontact AS contact
WHERE staff.userid = given.userid AND contact.external_userid = given.external_userid
