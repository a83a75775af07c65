"""人群 of a pack."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from homeground.playbooks.pack.wording import rule_of
from homeground.playbooks.services.pieces.kind import Given, Making
from homeground.playbooks.services.pieces.uses import segments_in_journeys
from homeground.segments import services
from homeground.segments.errors import SegmentInUse
from homeground.segments.models import Segment


class _Segments:
    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return document["segments"]  # type: ignore[no-any-return]

    def kept(self, given: Given) -> str:
        return ""

    def create(self, name: str, given: Given, making: Making) -> int:
        return services.create(
            slug=making.names.segments[name], rule=rule_of(given["rule"], making.names), created_by=making.by,
            **_fields(given),
        ).pk  # fmt: skip

    def state(self, object_id: int) -> Any:
        fields = ("name", "link", "rule", "refresh_minutes")
        return Segment.objects.listed().filter(pk=object_id).values(*fields).first()

    def update(self, object_id: int, given: Given, making: Making) -> int:
        segment = Segment.objects.get(pk=object_id)
        services.save(segment, rule=rule_of(given["rule"], making.names), **_fields(given))
        return object_id

    def remove(self, object_id: int) -> bool:
        segment = Segment.objects.get(pk=object_id)
        if segment.slug in segments_in_journeys():
            return False
        try:
            services.archive(segment)
        except SegmentInUse:
            return False
        return True

    def label(self, given: Given) -> str:
        return str(given["name"])

    def address(self, object_id: int) -> str:
        slug = Segment.objects.values_list("slug", flat=True).get(pk=object_id)
        return reverse("segments:detail", args=[slug])


def _fields(given: Given) -> dict[str, Any]:
    return {name: given[name] for name in ("name", "link", "refresh_minutes")}


SEGMENTS = _Segments()
