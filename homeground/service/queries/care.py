"""The care round in numbers: coverage by member, and the letters it has come to."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

_COVERAGE = """
SELECT round.staff_id, count(*) FILTER (WHERE item.left_out = '') AS friends,
       count(*) FILTER (WHERE item.left_out = '' AND item.liked_at IS NOT NULL) AS liked,
       count(*) FILTER (WHERE item.left_out = '' AND item.commented_at IS NOT NULL) AS commented,
       count(*) FILTER (
           WHERE item.left_out = '' AND item.liked_at IS NOT NULL AND item.commented_at IS NOT NULL
       ) AS both,
       count(*) FILTER (WHERE item.responded_at IS NOT NULL) AS responded,
       coalesce(max(item.initial) FILTER (WHERE item.liked_at IS NOT NULL AND item.initial <> '#'), '') AS letter
FROM service_careround AS round JOIN service_careitem AS item ON item.round_id = round.id
WHERE round.month = %(month)s AND (%(staff)s::bigint[] IS NULL OR round.staff_id = ANY(%(staff)s::bigint[]))
GROUP BY round.staff_id
"""


@dataclass(frozen=True)
class Coverage:
    """One member's month. share: percent of friends with both a like and a comment; letter: how far it came."""

    staff_id: int
    friends: int
    liked: int
    commented: int
    both: int
    responded: int
    letter: str

    @property
    def share(self) -> float:
        return self.both / self.friends if self.friends else 0.0


def coverage(month: date, staff_ids: list[int] | None = None) -> dict[int, Coverage]:
    """The care round of a month by member. month: its first day. Members without a round are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, {"month": month, "staff": staff_ids})
        return {row[0]: Coverage(*row) for row in cursor.fetchall()}
