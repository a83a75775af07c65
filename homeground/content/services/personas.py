"""Keeping personas and the slots that they fill week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeground.content.errors import BadPersona, NameTaken
from homeground.content.models import FeedKind, Persona, PersonaSlot
from homeground.content.models.personas import Weekday
from homeground.core import time
from homeground.people.queries import brand

_MOST_SLOTS = 21  # Three a day.


@dataclass(frozen=True)
class SlotGiven:
    """On this weekday, at this time, about this."""

    weekday: int
    at: clock
    kind: str
    topic: str


@transaction.atomic
def save_persona(persona: Persona, slots: Sequence[SlotGiven]) -> Persona:
    """Write a persona with all its slots. Raises BadPersona or NameTaken, with nothing written."""
    _refuse(slots)
    try:
        with transaction.atomic():
            persona.save()
    except IntegrityError:
        raise NameTaken(_("这个称呼或这位员工已经有人设了。")) from None
    persona.slots.all().delete()
    PersonaSlot.objects.bulk_create(
        PersonaSlot(persona=persona, weekday=slot.weekday, at=slot.at, kind=slot.kind, topic=slot.topic)
        for slot in slots
    )
    return persona


def confirm_open_feed(persona_id: int, at: datetime | None = None) -> date:
    """Somebody looked at the phone: the feed is not cut to three days. Returns the day."""
    day = time.day_of(at or time.now(), brand().time_zone)
    Persona.objects.filter(pk=persona_id).update(open_feed_checked_on=day)
    return day


def _refuse(slots: Sequence[SlotGiven]) -> None:
    if len(slots) > _MOST_SLOTS:
        raise BadPersona(_("固定栏目最多 21 个，每天 3 个已经很多了。"))
    if len({(slot.weekday, slot.at) for slot in slots}) < len(slots):
        raise BadPersona(_("同一天同一时间只能有一个栏目。"))
    known = set(FeedKind.values) - {FeedKind.SOUP}
    if any(slot.weekday not in Weekday.values or slot.kind not in known or not slot.topic for slot in slots):
        raise BadPersona(_("每个栏目都要有星期、时间、类型和名称。"))
