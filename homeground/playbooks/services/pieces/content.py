"""消息模板、快捷回复、人设与朋友圈计划 of a pack."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from django.urls import reverse

from homeground.content import services
from homeground.content.errors import BadText
from homeground.content.models import Message, MomentPlan, Persona, QuickReply
from homeground.content.services import SlotGiven
from homeground.core import time
from homeground.people.queries import brand
from homeground.playbooks.services.pieces.kind import Given, Making, free
from homeground.playbooks.services.pieces.uses import messages_in_journeys


class _Named:
    """What messages and replies have in common."""

    part: str
    title: str

    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return document[self.part]  # type: ignore[no-any-return]

    def kept(self, given: Given) -> str:
        return ""

    def label(self, given: Given) -> str:
        return str(given[self.title])


class _Messages(_Named):
    part, title = "messages", "name"

    def create(self, name: str, given: Given, making: Making) -> int:
        called = free(given["name"], lambda one: Message.objects.filter(name=one).exists(), 60)
        return services.save_message(Message(name=called, **_message(given))).pk

    def state(self, object_id: int) -> Any:
        fields = ("name", "link", "channel_kind", "subject", "body", "attachments", "is_promotion")
        return Message.objects.filter(pk=object_id).values(*fields).first()

    def update(self, object_id: int, given: Given, making: Making) -> int:
        message = Message.objects.get(pk=object_id)
        for field, value in _message(given).items():
            setattr(message, field, value)
        services.save_message(message)
        return object_id

    def remove(self, object_id: int) -> bool:
        if object_id in messages_in_journeys():
            return False
        try:
            services.delete_message(Message.objects.get(pk=object_id))
        except BadText:
            return False
        return True

    def address(self, object_id: int) -> str:
        return reverse("content:edit", args=[object_id])


def _message(given: Given) -> dict[str, Any]:
    fields = ("link", "channel_kind", "body", "is_promotion")
    return {name: given[name] for name in fields} | {"subject": given["subject"] or ""}


class _Replies(_Named):
    part, title = "replies", "title"

    def create(self, name: str, given: Given, making: Making) -> int:
        called = free(given["title"], lambda one: QuickReply.objects.filter(title=one).exists(), 60)
        return services.save_reply(QuickReply(title=called, **_reply(given))).pk

    def state(self, object_id: int) -> Any:
        fields = ("title", "text", "url", "group", "keywords", "relations", "fits")
        return QuickReply.objects.filter(pk=object_id).values(*fields).first()

    def update(self, object_id: int, given: Given, making: Making) -> int:
        reply = QuickReply.objects.get(pk=object_id)
        for field, value in _reply(given).items():
            setattr(reply, field, value)
        services.save_reply(reply)
        return object_id

    def remove(self, object_id: int) -> bool:
        if QuickReply.objects.filter(pk=object_id, uses__gt=0).exists():
            return False
        services.delete_reply(object_id)
        return True

    def address(self, object_id: int) -> str:
        return reverse("content:reply", args=[object_id])


def _reply(given: Given) -> dict[str, Any]:
    return {name: given[name] for name in ("text", "group", "keywords", "relations", "fits")}


class _Personas:
    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return {"persona": document["persona"]}

    def kept(self, given: Given) -> str:
        return ""

    def create(self, name: str, given: Given, making: Making) -> int:
        called = free(given["name"], lambda one: Persona.objects.filter(name=one).exists(), 30)
        begins_on = time.day_of(making.at, brand().time_zone)
        persona = Persona(name=called, begins_on=begins_on, **_persona(given))
        return services.save_persona(persona, _slots(given)).pk

    def state(self, object_id: int) -> Any:
        fields = ("name", "identity", "expertise", "tone", "staff_id", "is_active")
        found = Persona.objects.filter(pk=object_id)
        return (known := found.values(*fields).first()) and known | {
            "slots": [[day, f"{at:%H:%M}", kind, topic] for day, at, kind, topic in _slots_of(object_id)]
        }

    def update(self, object_id: int, given: Given, making: Making) -> int:
        persona = Persona.objects.get(pk=object_id)
        for field, value in _persona(given).items():
            setattr(persona, field, value)
        services.save_persona(persona, _slots(given))
        return object_id

    def remove(self, object_id: int) -> bool:
        if MomentPlan.objects.filter(persona=object_id).exists():
            return False
        Persona.objects.filter(pk=object_id).delete()
        return True

    def label(self, given: Given) -> str:
        return str(given["name"])

    def address(self, object_id: int) -> str:
        return reverse("content:persona", args=[object_id])


def _persona(given: Given) -> dict[str, Any]:
    return {name: given[name] for name in ("identity", "expertise", "tone")}


def _slots(given: Given) -> list[SlotGiven]:
    return [
        SlotGiven(slot["weekday"] - 1, clock.fromisoformat(slot["at"]), slot["kind"], slot["topic"])
        for slot in given["slots"]
    ]


def _slots_of(persona_id: int) -> Any:
    rows = Persona.objects.get(pk=persona_id).slots.order_by("weekday", "at")
    return rows.values_list("weekday", "at", "kind", "topic")


class _Posts(_Named):
    part, title = "posts", "topic"

    def create(self, name: str, given: Given, making: Making) -> int:
        plan = MomentPlan(
            planned_at=_planned_at(given, making.at), audience=MomentPlan.Audience.EVERYONE, created_by=making.by[:150],
            **_post(given),
        )  # fmt: skip
        return services.save_plan(plan, tag_ids=[], staff_ids=[]).pk

    def state(self, object_id: int) -> Any:
        fields = ("kind", "topic", "text", "attachments", "audience", "is_by_all", "planned_at", "state")
        return MomentPlan.objects.filter(pk=object_id).values(*fields).first()

    def update(self, object_id: int, given: Given, making: Making) -> int:
        plan = MomentPlan.objects.get(pk=object_id)
        for field, value in _post(given).items():
            setattr(plan, field, value)
        services.save_plan(plan, tag_ids=[], staff_ids=[])
        return object_id

    def remove(self, object_id: int) -> bool:
        services.delete_plan(object_id)  # A draft nobody touched: nothing stands on it.
        return True

    def address(self, object_id: int) -> str:
        return reverse("content:plan", args=[object_id])


def _post(given: Given) -> dict[str, Any]:
    return {name: given[name] for name in ("kind", "topic", "text")}


def _planned_at(given: Given, at: datetime) -> datetime:
    """Days count from the first Monday after the day of installing, in the brand's zone."""
    zone = brand().time_zone
    day = _next_monday(time.day_of(at, zone)) + timedelta(days=given["day"] - 1)
    at_clock = clock.fromisoformat(given["at"])
    return time.start_of(day, zone) + timedelta(hours=at_clock.hour, minutes=at_clock.minute)


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


MESSAGES, REPLIES, PERSONAS, POSTS = _Messages(), _Replies(), _Personas(), _Posts()
