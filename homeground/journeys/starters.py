"""Journeys to begin with: what an experienced operator would draw first, as drafts to be fitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.channels.models import Channel
from homeground.content.models import Message
from homeground.segments.models import Segment


@dataclass(frozen=True)
class Starter:
    """An example: what it is called, what it is for, and its icon."""

    key: str
    name: str | Promise
    link: str
    about: str | Promise
    icon: str
    hypothesis: str | Promise


STARTERS = [
    Starter(
        "second-order",
        gettext_lazy("首购后复购提醒"),
        "convert",
        gettext_lazy("首单签收后先关心使用，再在快用完时提醒；没买的交给专属顾问跟进。"),
        "shopping-bag",
        gettext_lazy("第二单决定客户会不会留下；用完之前想得起我们，复购率就会提高。"),
    ),
    Starter(
        "birthday",
        gettext_lazy("生日关怀"),
        "retain",
        gettext_lazy("生日前 7 天送祝福，重要客户由专属顾问亲自问候。"),
        "cake",
        gettext_lazy("被记得的客户更愿意回来；一年一次，不打扰。"),
    ),
    Starter(
        "wake-up",
        gettext_lazy("沉睡唤醒"),
        "activate",
        gettext_lazy("进入沉睡人群后发一次理由充分的消息；打开没买的再帮一把，没打开的就不再打扰。"),
        "moon",
        gettext_lazy("沉睡客户缺的是一个回来的理由，不是更多消息。"),
    ),
]


def starter(chosen: Starter) -> dict[str, Any]:
    """The fields of the draft that an example makes: name, link, hypothesis and the graph."""
    return {
        "name": str(chosen.name),
        "link": chosen.link,
        "hypothesis": str(chosen.hypothesis),
        "draft": _GRAPHS[chosen.key](),
    }


def _graph(entries: Sequence[Any], nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    start = next(iter(nodes))
    variants = [{"name": _("全部"), "share_bp": 10_000, "start": start}]
    return {"entries": list(entries), "variants": variants, "nodes": nodes, "exits": [], **more}


def _message(name: str, at: tuple[int, int], to: str | None, link: str, **more: Any) -> dict[str, Any]:
    """A message node with the brand's newest template of this link that a channel can send; else one to be chosen."""
    channels = {one.kind: one.slug for one in Channel.objects.filter(is_enabled=True).order_by("-pk")}
    found = Message.objects.filter(channel_kind__in=channels).order_by("-updated_at")
    chosen = found.filter(link=link).first() or found.first()
    return {
        "kind": "message", "name": name, "at": list(at), "message": chosen.pk if chosen else 0,
        "channel": channels[chosen.channel_kind] if chosen else "", "next": to, **more,
    }  # fmt: skip


def _task(name: str, at: tuple[int, int], how: str, to: str | None = None) -> dict[str, Any]:
    return {
        "kind": "task", "name": name, "at": list(at), "title": name, "how": how, "deadline_hours": 48, "next": to,
    }  # fmt: skip


def _wait_order(name: str, at: tuple[int, int], days: int, otherwise: str | None) -> dict[str, Any]:
    return {
        "kind": "wait_event", "name": name, "at": list(at), "event": "commerce.order_paid", "where": [],
        "at_most": {"days": days}, "next": None, "otherwise": otherwise,
    }  # fmt: skip


def _second_order() -> dict[str, Any]:
    nodes = {
        "settle": {"kind": "wait", "name": _("等收货"), "at": [0, 0], "span": {"days": 7}, "next": "daytime"},
        "daytime": {"kind": "wait_until", "name": _("白天再发"), "at": [0, 120], "time": "10:30", "next": "care"},
        "care": _message(_("用得怎么样"), (0, 240), "order", "retain"),
        "order": _wait_order(_("等待复购"), (0, 360), 20, "remind"),
        "remind": _message(_("快用完了吧"), (60, 510), "again", "convert", urgency=3),
        "again": _wait_order(_("再等几天"), (60, 630), 5, "call"),
        "call": _task(_("回访没有复购的客户"), (120, 780), _("先问使用感受，再聊补货；不合适就记下原因。")),
    }
    first = {"by": "event", "event": "commerce.order_paid", "where": []}
    return _graph([first], nodes, again={"when": "never", "at_once": 1})


def _birthday() -> dict[str, Any]:
    nodes = {
        "friend": {
            "kind": "branch",
            "name": _("是熟客吗"),
            "at": [0, 0],
            "ways": [{"name": _("买过 3 次以上"), "rule": {"orders": "count", "is": {"at_least": 3}}, "next": "call"}],
            "otherwise": "wish",
        },
        "call": _task(_("亲自送上生日祝福"), (-130, 150), _("用自己的话祝福，可以附上专属生日礼；不要推销。")),
        "wish": _message(_("生日祝福"), (130, 150), None, "retain", urgency=3, valid_days=7),
    }
    entry = {"by": "date", "attribute": "birthday", "yearly": True, "lead_days": 7, "time": "10:00"}
    return _graph([entry], nodes, again={"when": "after_days", "days": 300, "at_once": 1})


def _wake_up() -> dict[str, Any]:
    nodes = {
        "reason": _message(_("回来的理由"), (0, 0), "days", "activate", urgency=1),
        "days": {"kind": "wait", "name": _("等 3 天"), "at": [0, 120], "span": {"days": 3}, "next": "opened"},
        "opened": {
            "kind": "outcome", "name": _("打开了吗"), "at": [0, 240], "of": "reason", "was": "opened", "next": "help",
            "otherwise": "quiet",
        },
        "help": _task(_("帮客户挑一件"), (-130, 390), _("看过消息但没有下单：问问在犹豫什么。")),
        "quiet": {"kind": "tag", "name": _("记下：少打扰"), "at": [130, 390], "add": [_("少打扰")], "next": None},
    }  # fmt: skip
    asleep = Segment.objects.filter(slug__contains="dormant").order_by("pk").first() or Segment.objects.listed().first()
    entry = {"by": "segment", "segment": asleep.slug if asleep else "", "has_existing": False}
    goal = {"event": "commerce.order_paid", "where": []}
    return _graph([entry], nodes, goal=goal, again={"when": "after_days", "days": 90, "at_once": 1})


_GRAPHS = {"second-order": _second_order, "birthday": _birthday, "wake-up": _wake_up}
