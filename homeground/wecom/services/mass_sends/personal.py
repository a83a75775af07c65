"""Mass sends that others made - members in the client, the admin's console -: they count for the platform's quota."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max

from homeground.core import time
from homeground.wecom.client import Api, connect, mass
from homeground.wecom.client.mass import ALL_CREATORS, MassInfo
from homeground.wecom.models import MassSend
from homeground.wecom.models.mass_sends import FROM_RECORD
from homeground.wecom.services.paging import pages

_FIRST = timedelta(days=29)  # As far back as the record's list goes in one question.
_OVERLAP = timedelta(days=1)
_STAYS = timedelta(days=3)


def read_others(at: datetime | None = None) -> int:
    """Read the record of mass sends to customers and groups since the last reading; results are polled like ours.

    Returns how many were new. A repeat adds nothing. Raises NotConnected or the client's Failure; what was read stays.
    """
    api, moment = connect(), at or time.now()
    return sum(_read(api, is_group, moment) for is_group in (False, True))


def _read(api: Api, is_group: bool, at: datetime) -> int:
    since = max((_last(is_group) or at - _FIRST) - _OVERLAP, at - _FIRST)
    until = at + timedelta(seconds=1)  # The list counts in whole seconds.
    kind = "group" if is_group else "single"
    listed = partial(mass.list_page, api, since, until, kind, ALL_CREATORS)
    return sum(_keep(page.items, is_group, at) for page in pages(listed))


def _last(is_group: bool) -> datetime | None:
    read = MassSend.objects.filter(key__startswith=FROM_RECORD, is_group=is_group)
    newest: datetime | None = read.aggregate(at=Max("asked_at"))["at"]
    return newest


def _keep(told: Sequence[MassInfo], is_group: bool, at: datetime) -> int:
    known = set(MassSend.objects.filter(msgid__in=[one.msgid for one in told]).values_list("msgid", flat=True))
    lost = _texts_of_unsettled()
    new = [one for one in told if one.msgid not in known and (one.is_personal or one.text not in lost)]
    rows = [_row(one, is_group, at) for one in new]
    MassSend.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _texts_of_unsettled() -> set[str]:
    """What sends of ours say whose fate is not known: one of those in the record may be it."""
    open_ones = MassSend.objects.filter(state__in=(MassSend.State.ASKING, MassSend.State.UNKNOWN))
    return {content["text"] for content in open_ones.values_list("content", flat=True)}


def _row(told: MassInfo, is_group: bool, at: datetime) -> MassSend:
    made_at = told.created_at or at
    return MassSend(
        key=f"{FROM_RECORD}{told.msgid}"[:100],
        msgid=told.msgid,
        is_group=is_group,
        is_personal=told.is_personal,
        content={"text": told.text, "attachments": [dict(one) for one in told.attachments]},
        state=MassSend.State.PLACED,
        asked_at=made_at,
        placed_at=made_at,
        expires_at=max(made_at, at) + _STAYS,
    )
