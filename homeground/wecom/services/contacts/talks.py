"""When staff and customers last talked, from whoever is told of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

_NOTE = """
UPDATE wecom_follow AS follow SET talked_at = said.at
FROM (
    SELECT userid, external_userid, max(at) AS at
    FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS said(userid, external_userid, at)
    GROUP BY userid, external_userid
) AS said, wecom_staff AS staff, wecom_externalcontact AS contact
WHERE staff.userid = said.userid AND contact.external_userid = said.external_userid
    AND follow.staff_id = staff.id AND follow.contact_id = contact.id AND follow.ended_at IS NULL
    AND (follow.talked_at IS NULL OR follow.talked_at < said.at)
"""


def note_talks(talks: Iterable[tuple[str, str, datetime]]) -> int:
    """Keep the latest exchange of (userid, external_userid, moment). Returns how many follows had an older one."""
    rows = list(talks)
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [list(column) for column in zip(*rows, strict=True)])
        return int(cursor.rowcount)
