-- The platform has marked a follow: note what it has now. Params: follow, add text[], remove text[] (tag_ids), at.
WITH gone AS (
    DELETE FROM wecom_followtag AS put USING wecom_corptag AS corp
    WHERE put.follow_id = %(follow)s AND corp.id = put.tag_id AND corp.tag_id = ANY(%(remove)s::text[])
)
INSERT INTO wecom_followtag (follow_id, tag_id, put_at, is_in_step)
SELECT %(follow)s, id, %(at)s, true FROM wecom_corptag WHERE tag_id = ANY(%(add)s::text[])
ON CONFLICT (follow_id, tag_id) DO UPDATE SET is_in_step = true
