"""员工: who has the customer contact feature, and who of them signs in to the console."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.wecom.client import Api, WeComError
from homeground.wecom.client import staff as platform
from homeground.wecom.client.staff import Member
from homeground.wecom.errors import StaffTaken
from homeground.wecom.models import Staff

_GONE, _HIDDEN = 60111, (60011, 60021, 50002)
_KEEP = """
INSERT INTO wecom_staff AS known (userid, name, department, position, avatar, is_active)
SELECT userid, name, department, position, avatar, true
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS said(userid, name, department, position, avatar)
ORDER BY userid
ON CONFLICT (userid) DO UPDATE
SET name = excluded.name, department = excluded.department, position = excluded.position, avatar = excluded.avatar
WHERE (known.name, known.department, known.position, known.avatar)
    IS DISTINCT FROM (excluded.name, excluded.department, excluded.position, excluded.avatar)
"""


@transaction.atomic
def keep_active(userids: Sequence[str]) -> None:
    """Only these have the feature now: others are inactive, and have left where the platform says so later."""
    Staff.objects.bulk_create((Staff(userid=userid) for userid in sorted(set(userids))), ignore_conflicts=True)
    Staff.objects.filter(userid__in=userids).update(is_active=True, left_at=None)
    Staff.objects.exclude(userid__in=userids).filter(is_active=True).update(is_active=False)


def read_members(api: Api, userids: Sequence[str]) -> int:
    """Read names and places of these members, one call each, and keep them. Returns how many there were."""
    departments = _departments(api)
    found = [member for userid in userids if (member := _member(api, userid))]
    rows = [
        (each.userid, each.name[:64], departments.get(each.department, each.department)[:64], each.position[:64],
         each.avatar[:500])
        for each in found
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [list(column) for column in zip(*rows, strict=True)])
    return len(rows)


def link_user(staff: Staff, user: Any | None) -> None:
    """Say who of the console's users a member is; None: nobody. Raises StaffTaken: a user is one member at most."""
    if user and Staff.objects.filter(user=user).exclude(pk=staff.pk).exists():
        raise StaffTaken
    staff.user = user
    staff.save(update_fields=["user"])


def _member(api: Api, userid: str) -> Member | None:
    try:
        return platform.member(api, userid)
    except WeComError as refusal:
        if refusal.code == _GONE:
            Staff.objects.filter(userid=userid, left_at=None).update(is_active=False, left_at=time.now())
        elif refusal.code not in _HIDDEN:
            raise
        return None


def _departments(api: Api) -> dict[str, str]:
    try:
        return platform.department_names(api)
    except WeComError:  # The app may not see them: then numbers are shown.
        return {}
