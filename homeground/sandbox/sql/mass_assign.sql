-- Recipients of one mass message to customers: each once, with the member who last interacted with them.
-- Params: message; members int[] who may send; ids text[] or null for all; tags jsonb (lists: one of each list) or null;
-- any_tags text[] (all of them, for the index) or null.
INSERT INTO sandbox_massrecipient (message_id, member_id, contact_id, status)
SELECT DISTINCT ON (tie.contact_id) %(message)s, tie.member_id, tie.contact_id, 0
FROM sandbox_friendship AS tie
WHERE tie.ended_at IS NULL
  AND tie.member_id = ANY(%(members)s::bigint[])
  AND (%(ids)s::text[] IS NULL OR tie.contact_id IN (
      SELECT id FROM sandbox_contact WHERE external_userid = ANY(%(ids)s::varchar[])
  ))
  AND (%(tags)s::jsonb IS NULL OR tie.contact_id IN (
      SELECT tagged.contact_id
      FROM sandbox_friendship AS tagged
      WHERE tagged.ended_at IS NULL
        AND tagged.member_id = ANY(%(members)s::bigint[])
        AND tagged.tag_ids && %(any_tags)s::varchar[]
        AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(%(tags)s::jsonb) AS one_of
            WHERE NOT tagged.tag_ids && ARRAY(SELECT jsonb_array_elements_text(one_of))::varchar[]
        )
  ))
ORDER BY tie.contact_id, tie.interacted_at DESC, tie.id
