"""What must hold of the ways in, and of the signs that end a walk. Each problem is (field, text)."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from homeground.journeys.graph.known import Known
from homeground.journeys.graph.parts import Enters, Happens, Sign
from homeground.journeys.graph.ways_in import (
    ByDate,
    ByEvent,
    ByHand,
    BySchedule,
    BySegment,
    Entry,
)
from homeground.segments.errors import RuleRefused, SegmentCycle
from homeground.segments.rules.check import check as check_rule
from homeground.segments.rules.dictionary import StaticList
from homeground.segments.rules.nodes import Did, InSegment, Node, PropertyIs

Found = Iterator[tuple[str, str]]


def entry_problems(entry: Entry, known: Known) -> Found:
    """What is wrong with one way in."""
    match entry:
        case BySegment():
            yield from segment_problems(entry.segment, known, "segment", must_grow=not entry.has_existing)
        case ByEvent():
            yield from where_problems(entry.event, entry.where, known)
        case ByDate():
            yield from _by_date(entry, known)
        case BySchedule():
            yield from _by_schedule(entry, known)
        case ByHand():
            return


def sign_problems(sign: Sign, known: Known) -> Found:
    """What is wrong with a goal or an exit."""
    match sign:
        case Happens():
            yield from where_problems(sign.event, sign.where, known)
        case Enters():
            yield from segment_problems(sign.segment, known, "segment", must_grow=True)


def segment_problems(slug: str, known: Known, field: str, *, must_grow: bool = False) -> Found:
    """A segment that is not there, or whose own rule is broken. must_grow: people have to come into it later, too."""
    found = list(rule_problems(InSegment(segment=slug), known, field))
    yield from ((field, text) for _path, text in found)
    if not found and must_grow and isinstance(known.dictionary.segments[slug], StaticList):
        yield field, _("固定名单不会再有人进入，请换一个动态人群")


def where_problems(event: str, where: Sequence[PropertyIs], known: Known) -> Found:
    """Filters of an event that compare what cannot be compared."""
    yield from rule_problems(Did(event=event, where=list(where)), known, "")


def rule_problems(rule: Node, known: Known, field: str) -> Found:
    """The first thing that segments find wrong with a rule, at its path."""
    try:
        check_rule(rule, known.dictionary)
    except RuleRefused as refusal:
        yield ".".join(filter(None, (field, refusal.path))), refusal.reason
    except SegmentCycle as refusal:
        yield field, str(refusal)


def date_problems(attribute: str, known: Known) -> Found:
    """An attribute that is not there, or is no date."""
    there = known.dictionary.attributes.get(attribute)
    if there is None:
        yield "attribute", _("属性字典里没有“%(key)s”") % {"key": attribute}
    elif there.kind != "date":
        yield "attribute", _("“%(key)s”不是日期，不能用来计时") % {"key": attribute}


def _by_date(entry: ByDate, known: Known) -> Found:
    yield from date_problems(entry.attribute, known)
    if entry.segment is not None:
        yield from segment_problems(entry.segment, known, "segment")


def _by_schedule(entry: BySchedule, known: Known) -> Found:
    yield from segment_problems(entry.segment, known, "segment")
    if sum(one is not None for one in (entry.on, entry.weekday, entry.day)) != 1:
        yield "", _("请在某一天、每周几、每月几号里选一个，只选一个")
    if entry.on is not None and not _is_day(entry.on):
        yield "on", _("没有“%(day)s”这一天") % {"day": entry.on}


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
