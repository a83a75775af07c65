"""疲劳度、营销占比与朋友圈配比 of a pack: dated rows, never edited, never taken back, never loosened here."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from homeground.content.models import FeedLimit
from homeground.content.queries import limit_at
from homeground.content.services import add_limit
from homeground.core import time
from homeground.journeys.models import FrequencyCap, PromotionShare
from homeground.journeys.models.policy import EVERY
from homeground.journeys.queries import policy_at
from homeground.journeys.services import add_policy
from homeground.people.models import Relation
from homeground.playbooks.services.pieces.kind import Given, Making


class _Dated(ABC):
    """A row that counts from the day of installing. What is history stays.

    Such a row is edited by adding another: so its state is the newest row about the same thing, and one that the brand
    added later counts as an edit, which an upgrade leaves alone.
    """

    model: Any
    same: tuple[str, ...] = ()  # The fields that say what a row is about.

    def state(self, object_id: int) -> Any:
        row = self.model.objects.filter(pk=object_id).first()
        if row is None:
            return None
        alike = self.model.objects.filter(**{name: getattr(row, name) for name in self.same})
        newest = alike.order_by("-valid_from", "-pk").values().first()
        return {key: str(value) for key, value in newest.items()}

    def update(self, object_id: int, given: Given, making: Making) -> int:
        return self.create("", given, making)

    def remove(self, object_id: int) -> bool:
        return False

    @abstractmethod
    def create(self, name: str, given: Given, making: Making) -> int:
        """The row that counts from now."""


class _Caps(_Dated):
    model = FrequencyCap
    same = ("relation", "channel", "window_days")

    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return document["caps"]  # type: ignore[no-any-return]

    def kept(self, given: Given) -> str:
        now = [cap.max_touches for cap in policy_at(time.now()).caps if _same(cap, given)]
        return f"{now[0]}" if now and now[0] is not None and now[0] <= given["max_touches"] else ""

    def create(self, name: str, given: Given, making: Making) -> int:
        fields = {field: given[field] for field in ("relation", "window_days", "max_touches")}
        row = FrequencyCap(**fields, valid_from=making.at, source=given["why"][:300], set_by=making.by[:150])
        return int(add_policy(row, making.at).pk)

    def label(self, given: Given) -> str:
        relation = dict(Relation.choices)[given["relation"]]
        words = {"relation": relation, "days": given["window_days"], "most": given["max_touches"]}
        return _("%(relation)s：%(days)d 天内最多 %(most)d 次营销") % words

    def address(self, object_id: int) -> str:
        return reverse("journeys:policy")


def _same(cap: FrequencyCap, given: Given) -> bool:
    return (cap.relation, cap.channel, cap.window_days) == (given["relation"], EVERY, given["window_days"])


class _Shares(_Dated):
    model = PromotionShare

    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return {"share": document["share"]} if document.get("share") else {}

    def kept(self, given: Given) -> str:
        now = policy_at(time.now()).share
        return f"{now.max_share_bp / 100:g}%" if now and now.max_share_bp <= given["max_share_bp"] else ""

    def create(self, name: str, given: Given, making: Making) -> int:
        fields = {field: given[field] for field in ("max_share_bp", "window_days", "min_touches")}
        row = PromotionShare(**fields, valid_from=making.at, source=given["why"][:300], set_by=making.by[:150])
        return int(add_policy(row, making.at).pk)

    def label(self, given: Given) -> str:
        words = {"days": given["window_days"], "most": f"{given['max_share_bp'] / 100:g}%"}
        return _("%(days)d 天内营销最多占 %(most)s") % words

    def address(self, object_id: int) -> str:
        return reverse("journeys:policy")


class _Feeds(_Dated):
    model = FeedLimit

    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        return {"feed": document["feed"]}

    def kept(self, given: Given) -> str:
        now = limit_at(time.now())
        stricter = now.max_selling_bp <= given["max_selling_bp"] and now.max_per_day <= given["max_per_day"]
        return f"{now.max_selling_bp / 100:g}%" if stricter else ""

    def create(self, name: str, given: Given, making: Making) -> int:
        fields = {field: given[field] for field in ("max_selling_bp", "window_days", "min_posts", "max_per_day")}
        row = FeedLimit(**fields, valid_from=making.at, source=given["why"][:300], set_by=making.by[:150])
        return int(add_limit(row, making.at).pk)

    def label(self, given: Given) -> str:
        words = {"days": given["window_days"], "most": f"{given['max_selling_bp'] / 100:g}%"}
        return _("%(days)d 天内产品与福利最多占 %(most)s") % words

    def address(self, object_id: int) -> str:
        return reverse("content:mix")


CAPS, SHARES, FEEDS = _Caps(), _Shares(), _Feeds()
