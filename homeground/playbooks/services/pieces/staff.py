"""跟进间隔 of a pack."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from homeground.people.models import Relation
from homeground.playbooks.services.pieces.kind import Given, Making
from homeground.service.models import FollowUpRule
from homeground.service.services import rules


class _FollowUps:
    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return document["follow_ups"]  # type: ignore[no-any-return]

    def kept(self, given: Given) -> str:
        there = FollowUpRule.objects.filter(basis=given["basis"], key="", value=given["value"]).first()
        return f"{there.whom} → {there.days}" if there else ""

    def create(self, name: str, given: Given, making: Making) -> int:
        return rules.add_follow_up_rule(**{field: given[field] for field in ("basis", "value", "days", "rank")}).pk

    def state(self, object_id: int) -> Any:
        fields = ("rank", "basis", "key", "value", "days")
        return FollowUpRule.objects.filter(pk=object_id).values(*fields).first()

    def update(self, object_id: int, given: Given, making: Making) -> int:
        fields = {field: given[field] for field in ("basis", "value", "days", "rank")}
        FollowUpRule.objects.filter(pk=object_id).update(**fields)
        return object_id

    def remove(self, object_id: int) -> bool:
        rules.remove_follow_up_rule(object_id)
        return True

    def label(self, given: Given) -> str:
        value = str(dict(Relation.choices).get(given["value"], given["value"]))
        return _("%(whom)s：每 %(days)d 天") % {"whom": value, "days": given["days"]}

    def address(self, object_id: int) -> str:
        return reverse("service:rules")


FOLLOW_UPS = _FollowUps()
