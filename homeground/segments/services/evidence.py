"""Why a condition holds for a person, or not: what is known, who said so and when, in the language of the moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeground.core import money, time
from homeground.events.labels import source_label
from homeground.people.models import Consent, Identity
from homeground.segments.models import Segment
from homeground.segments.queries.person import Person
from homeground.segments.rules.comparisons import LastDays, NextDays, Part
from homeground.segments.rules.days import Calendar
from homeground.segments.rules.nodes import (
    AttributeIs,
    Bought,
    CameFrom,
    ConsentIs,
    CreatedWithin,
    Did,
    HasIdentity,
    HasTag,
    InRelation,
    InSegment,
    Node,
    OrdersAre,
)
from homeground.segments.rules.words import Labels, listed, shown

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Witness:
    """Who says why: the person, the brand's words and days, and what the warehouse told (by column)."""

    person: Person
    labels: Labels
    calendar: Calendar
    told: Mapping[str, Any]

    def evidence(self, node: Node, columns: Mapping[str, str]) -> str:
        """One sentence about one condition; nothing for a group."""
        speak = _SPEAK.get(type(node))
        return speak(self, node, {name: self.told[column] for name, column in columns.items()}) if speak else ""

    def day(self, moment: datetime) -> str:
        return f"{time.day_of(moment, self.calendar.zone)}"

    def moment(self, milliseconds: int) -> str:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
        return f"{localtime(moment, ZoneInfo(self.calendar.zone)):%Y-%m-%d %H:%M}"

    def attribute(self, node: AttributeIs, _told: Mapping[str, Any]) -> str:
        if not (known := self.person.attributes.get(node.attribute)):
            return _("没有值")
        words = {"value": known.value, "source": source_label(known.source) or "—", "day": self.day(known.said_at)}
        return _("现在是 %(value)s（%(source)s，%(day)s）") % words + self.days(node.is_)

    def days(self, test: Part) -> str:
        """Of a comparison that counts days from today: which days those are."""
        if not isinstance(test, LastDays | NextDays):
            return ""
        first, last = self.calendar.days(test)
        return _("；算的是 %(first)s 至 %(last)s") % {"first": first, "last": last}

    def tag(self, node: HasTag, _told: Mapping[str, Any]) -> str:
        if not self.person.tags:
            return _("还没有标签")
        if not (fitting := [put for put in self.person.tags if put.tag.name in node.tag]):
            return _("现有标签：%(tags)s") % {"tags": listed(sorted({put.tag.name for put in self.person.tags}))}
        words = _("%(tag)s（%(origin)s · %(source)s，%(day)s）")
        return listed(
            words
            % {
                "tag": put.tag.name,
                "origin": put.get_origin_display(),
                "source": source_label(put.source),
                "day": self.day(put.tagged_at),
            }
            for put in fitting
        )

    def source(self, _node: CameFrom, _told: Mapping[str, Any]) -> str:
        came_from = self.person.customer.source
        return _("来自 %(source)s") % {"source": source_label(came_from)} if came_from else _("没有记下来源")

    def relation(self, _node: InRelation, _told: Mapping[str, Any]) -> str:
        stage = self.person.customer.get_relation_display()
        if self.person.related_at is None:
            return _("一直是%(stage)s") % {"stage": stage}
        return _("%(day)s 起是%(stage)s") % {"day": self.day(self.person.related_at), "stage": stage}

    def consent(self, node: ConsentIs, _told: Mapping[str, Any]) -> str:
        said = [one for one in self.person.consents if one.purpose == node.consent]
        newest = {one.channel: one for one in reversed(said) if one.channel in (node.channel, "*")}
        if not newest:
            return _("从未表态")
        return listed(self.decision(one) for one in newest.values())

    def decision(self, one: Consent) -> str:
        channel = _("全部渠道") if one.channel == "*" else self.labels.channels.get(one.channel, one.channel)
        words = {"day": self.day(one.decided_at), "channel": channel, "source": source_label(one.source)}
        if one.is_granted:
            return _("%(day)s 同意（%(channel)s，%(source)s）") % words
        return _("%(day)s 拒绝（%(channel)s，%(source)s）") % words

    def identity(self, node: HasIdentity, _told: Mapping[str, Any]) -> str:
        first = {one.kind: one for one in reversed(self.person.identities)}
        fitting = [first[kind] for kind in node.identity if kind in first]
        if not fitting:
            kinds = listed(str(Identity.Kind(kind).label) for kind in sorted(first))
            return _("只有%(kinds)s") % {"kinds": kinds} if kinds else _("没有任何身份")
        words = _("%(kind)s（%(day)s 首次出现）")
        return listed(words % {"kind": one.get_kind_display(), "day": self.day(one.created_at)} for one in fitting)

    def created(self, _node: CreatedWithin, _told: Mapping[str, Any]) -> str:
        return _("%(day)s 建档") % {"day": self.day(self.person.created_at)}

    def segment(self, node: InSegment, _told: Mapping[str, Any]) -> str:
        found = Segment.objects.filter(slug=node.segment).first()
        if found is None or found.is_dynamic:
            return ""
        return _("固定名单，截至 %(day)s") % {"day": self.day(found.as_of) if found.as_of else "—"}

    def event(self, node: Did, told: Mapping[str, Any]) -> str:
        if node.then:
            return self.followed(told)
        said = self.times(told)
        if (amount := told.get("amount")) is None:
            return said
        assert not isinstance(node.measure, str)
        key = next(iter(node.measure.model_dump().values()))
        value = self.money(round(amount)) if key.endswith("_minor") else shown(round(amount, 6))
        return _("%(said)s；合计或极值为 %(value)s") % {"said": said, "value": value}

    def followed(self, told: Mapping[str, Any]) -> str:
        first = self.times(told)
        second = self.times({"times": told["then_times"], "last": told["then_last"], "ever": None})
        return _("先：%(first)s；后：%(second)s") % {"first": first, "second": second}

    def times(self, told: Mapping[str, Any], never: str = "") -> str:
        """How often, and when last; of what never happened in the window, when it happened before or after."""
        if told["times"]:
            count = ngettext("%(count)s 次", "%(count)s 次", told["times"]) % {"count": shown(told["times"])}
            return _("%(count)s，最近一次 %(moment)s") % {"count": count, "moment": self.moment(told["last"])}
        if told["ever"] is None:
            return never or _("从未发生")
        return _("这段时间内没有，最近一次 %(moment)s") % {"moment": self.moment(told["ever"])}

    def bought(self, _node: Bought, told: Mapping[str, Any]) -> str:
        said = self.times(told, _("从未买过"))
        return f"{said} · {listed(told['skus'].split(chr(10)))}" if told["times"] else said

    def orders(self, node: OrdersAre, told: Mapping[str, Any]) -> str:
        said = self.times(told, _("从未下单"))
        if not told["times"]:
            return said
        match node.orders:
            case "net" | "average":
                return _("%(said)s；净消费 %(net)s") % {"said": said, "net": self.money(told["net"])}
            case "first":
                return _("%(said)s；首次 %(moment)s") % {"said": said, "moment": self.moment(told["first"])}
            case "recency" | "frequency" | "monetary":
                return _("%(score)s 分；%(said)s") % {"score": told["score"], "said": said}
        return said

    def money(self, minor: int) -> str:
        return money.show(minor, self.labels.currency)


_SPEAK: dict[type[Any], Callable[[Witness, Any, Mapping[str, Any]], str]] = {
    AttributeIs: Witness.attribute,
    HasTag: Witness.tag,
    CameFrom: Witness.source,
    InRelation: Witness.relation,
    ConsentIs: Witness.consent,
    HasIdentity: Witness.identity,
    CreatedWithin: Witness.created,
    OrdersAre: Witness.orders,
    Bought: Witness.bought,
    Did: Witness.event,
    InSegment: Witness.segment,
}
