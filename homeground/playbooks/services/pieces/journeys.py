"""旅程 of a pack: a draft, which somebody publishes."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from homeground.journeys.models import Journey
from homeground.journeys.services import publishing
from homeground.playbooks.pack.wording import graph_of
from homeground.playbooks.services.pieces.kind import Given, Making
from homeground.playbooks.services.pieces.uses import journeys_handed_over_to

_FIELDS = ("name", "link", "hypothesis", "primary_outcome", "window_days", "holdout_bp")


class _Journeys:
    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return document["journeys"]  # type: ignore[no-any-return]

    def kept(self, given: Given) -> str:
        return ""

    def create(self, name: str, given: Given, making: Making) -> int:
        return publishing.create(
            slug=making.names.journeys[name], draft=graph_of(given["graph"], making.names, making.language),
            by=making.by, **_fields(given),
        ).pk  # fmt: skip

    def state(self, object_id: int) -> Any:
        return Journey.objects.filter(pk=object_id).values(*_FIELDS, "draft").first()

    def update(self, object_id: int, given: Given, making: Making) -> int:
        draft = graph_of(given["graph"], making.names, making.language)
        publishing.save_settings(object_id, **_fields(given))
        publishing.save_draft(object_id, draft)
        return object_id

    def remove(self, object_id: int) -> bool:
        journey = Journey.objects.get(pk=object_id)
        if journey.state != Journey.State.DRAFT or journey.slug in journeys_handed_over_to(besides=object_id):
            return False
        publishing.delete_draft(object_id)
        return True

    def label(self, given: Given) -> str:
        return str(given["name"])

    def address(self, object_id: int) -> str:
        slug = Journey.objects.values_list("slug", flat=True).get(pk=object_id)
        return reverse("journey:journey", args=[slug])


def _fields(given: Given) -> dict[str, Any]:
    return {name: given[name] for name in _FIELDS}


JOURNEYS = _Journeys()
