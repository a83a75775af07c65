"""One comparison of our copy with the platform: staff, tags, every friend of every member, groups and their members.

Reads as much as a full sync and writes nothing but the report. What changed here while it read is looked at once more.
"""

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from homeground.core import time
from homeground.wecom.client import Api, connect, staff
from homeground.wecom.models import Difference, DriftReport, Staff
from homeground.wecom.services.drift.chats import compare_groups
from homeground.wecom.services.drift.friends import compare_friends
from homeground.wecom.services.drift.lines import Line, Why
from homeground.wecom.services.drift.listed_tags import compare_tags
from homeground.wecom.services.drift.reasons import Reasons

_MOST_LINES = 10_000  # Kept; the number counts all.
_KEPT_REPORTS = 90
Progress = Callable[[str, int], None]  # What is being compared, and how much of it was.


def compare(progress: Progress | None = None) -> DriftReport:
    """Compare everything and keep the report. Raises NotConnected or a Failure of the client, with nothing kept."""
    api, began_at = connect(), time.now()
    reasons = Reasons(began_at)
    told = progress or (lambda what, size: None)
    lines: list[Line] = []
    compared: dict[str, int] = {}
    for what, found in _parts(api, reasons, compared, told):
        lines += found
        told(what, compared.get(what, 0))
    return _kept(lines, compared)


def _parts(api: Api, reasons: Reasons, compared: dict[str, int], told: Progress) -> Iterator[tuple[str, list[Line]]]:
    userids = staff.follow_users(api)
    yield "staff", _staff(userids, compared)
    yield "tags", compare_tags(api, compared)
    yield "follows", compare_friends(api, userids, reasons, compared, told)
    yield "groups", compare_groups(api, reasons, compared)


def _staff(userids: Sequence[str], compared: dict[str, int]) -> list[Line]:
    ours = set(Staff.objects.filter(is_active=True).values_list("userid", flat=True))
    theirs = set(userids)
    compared["staff"] = len(ours | theirs)
    return [
        *(Line("staff", userid, userid, "", "", Why.OUT_OF_RANGE) for userid in sorted(ours - theirs)),
        *(Line("staff", userid, userid, "", userid, Why.NOT_SYNCED) for userid in sorted(theirs - ours)),
    ]


@transaction.atomic
def _kept(lines: Sequence[Line], compared: dict[str, int]) -> DriftReport:
    report = DriftReport.objects.create(compared=compared, differences=len(lines), made_at=time.now())
    Difference.objects.bulk_create((line.row(report.pk) for line in lines[:_MOST_LINES]), batch_size=1000)
    old = DriftReport.objects.order_by("-pk").values_list("pk", flat=True)[_KEPT_REPORTS : _KEPT_REPORTS + 1]
    if old:
        DriftReport.objects.filter(pk__lte=old[0]).delete()
    return report
