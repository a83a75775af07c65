"""Mass sends that others made - members in the client, the admin's console -: they count for the platform's quota."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from homeground.core import time
from homeground.wecom.client import connect, mass
from homeground.wecom.client.mass import ALL_CREATORS, MassInfo
from homeground.wecom.models import MassSend
from homeground.wecom.models.mass_sends import FROM_RECORD
from homeground.wecom.services.paging import pages

_FIRST = timedelta(days=29)  # As far back as the record's list goes in one question.
_OVERLAP = timedelta(days=1)
_STAYS = timedelta(days=3)


def read_others(at: datetime | None = None) -> int:
    """Read the record of mass sends to customers since the last reading; their results are polled like ours.

    Returns how many were new. A repeat adds nothing. Raises NotConnected or the client's Failure; what was read stays.
    """
    api, moment = connect(), at or time.now()
    since = max((_last() or moment - _FIRST) - _OVERLAP, moment - _FIRST)
    until = moment + timedelta(seconds=1)  # The list counts in whole seconds.
    found = 0
    for page in pages(lambda cursor: mass.list_page(api, since, until, filter_type=ALL_CREATORS, cursor=cursor)):
        found += _keep(page.items, moment)
    return found


def _last() -> datetime | None:
    newest: datetime | None = MassSend.objects.filter(key__startswith=FROM_RECORD).aggregate(at=Max("asked_at"))["at"]
    return newest


def _keep(told: Sequence[MassInfo], at: datetime) -> int:
    known = set(MassSend.objects.filter(msgid__in=[one.msgid for one in told]).values_list("msgid", flat=True))
    lost = _texts_of_unsettled()
    rows = [_row(one, at) for one in told if one.msgid not in known and (one.is_personal or one.text not in lost)]
    MassSend.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _texts_of_unsettled() -> set[str]:
    """What sends of ours say whose fate is not known: one of those in the record may be it."""
    open_ones = MassSend.objects.filter(state__in=(MassSend.State.ASKING, MassSend.State.UNKNOWN))
    return {content["text"] for content in open_ones.values_list("content", flat=True)}


def _row(told: MassInfo, at: datetime) -> MassSend:
    made_at = told.created_at or at
    return MassSend(
        key=f"{FROM_RECORD}{told.msgid}"[:100],
        msgid=told.msgid,
        is_personal=told.is_personal,
        content={"text": told.text, "attachments": [dict(one) for one in told.attachments]},
        state=MassSend.State.PLACED,
        asked_at=made_at,
        placed_at=made_at,
        expires_at=max(made_at, at) + _STAYS,
    )
