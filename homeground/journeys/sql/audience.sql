-- The persons behind a list of customers: survivors, each once, ascending. Ids without a row are left out.
-- Reads the temporary table audience_member (customer_id, has_need).
SELECT coalesce(c.merged_into_id, c.id), bool_or(m.has_need)
FROM audience_member m JOIN people_customer c ON c.id = m.customer_id
GROUP BY 1 ORDER BY 1
