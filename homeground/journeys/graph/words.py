"""A graph in sentences that an operator reads, in the language of the moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeground.journeys.graph.nodes import (
    AssignTask,
    Branch,
    CallWebhook,
    ChangeTags,
    ChooseChannel,
    GiveCoupon,
    GivePoints,
    HandOver,
    InviteToGroup,
    Outcome,
    SendMessage,
    SetAttribute,
    Split,
    Wait,
    WaitForDate,
    WaitForEvent,
    WaitUntil,
)
from homeground.journeys.graph.parts import Enters, Happens, Sign, Span
from homeground.journeys.graph.ways_in import (
    Again,
    ByDate,
    ByEvent,
    ByHand,
    BySchedule,
    BySegment,
    Entry,
)
from homeground.segments.rules import words as conditions
from homeground.segments.rules.nodes import PropertyIs


@dataclass(frozen=True)
class Labels:
    """What things are called on screen; a key that is missing stands for itself."""

    rules: conditions.Labels = field(default_factory=conditions.Labels)
    messages: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    doors: Mapping[int, str] = field(default_factory=dict)
    coupons: Mapping[int, str] = field(default_factory=dict)
    journeys: Mapping[str, str] = field(default_factory=dict)


def step_words(step: Any, labels: Labels) -> str:
    """One line for a node: what happens there."""
    return _SAY[type(step)](step, labels)


def entry_words(entry: Entry, labels: Labels) -> str:
    """One line for a way in."""
    return _SAY[type(entry)](entry, labels)


def sign_words(sign: Sign, labels: Labels) -> str:
    """One line for a goal or an exit."""
    match sign:
        case Enters():
            return _("进入人群“%(name)s”") % {"name": labels.rules.segments.get(sign.segment, sign.segment)}
        case Happens():
            return _("发生%(event)s") % {"event": event_words(sign.event, sign.where, labels)}


def again_words(again: Again) -> str:
    """One line for the rule of re-entry."""
    said = {
        "never": _("每人一生只进一次"),
        "after_exit": _("离开后可以再进"),
        "after_days": _("距上次进入满 %(days)s 天可以再进") % {"days": again.days},
        "any": _("每次符合都进入"),
    }[again.when]
    return said if again.at_once == 1 else _("%(rule)s，最多同时走 %(times)d 次") % {
        "rule": said, "times": again.at_once,
    }  # fmt: skip


def way_words(step: Any, way: str, labels: Labels) -> str:
    """What it says on the edge: a way's own name, else what leaving by it means."""
    if isinstance(step, ChooseChannel) and way != "otherwise":
        return labels.channels.get(way, way)
    if way not in ("next", "otherwise") or (isinstance(step, Split | Branch) and way != "otherwise"):
        return way
    said: dict[tuple[type[Any], str], str] = {
        (WaitForEvent, "next"): _("等到了"),
        (WaitForEvent, "otherwise"): _("超时没等到"),
        (WaitForDate, "next"): _("到日子了"),
        (WaitForDate, "otherwise"): _("没有日期或已过"),
        (Branch, "otherwise"): _("都不符合"),
        (ChooseChannel, "otherwise"): _("都走不通"),
        (Outcome, "next"): _("是"),
        (Outcome, "otherwise"): _("否"),
    }
    return said.get((type(step), way), "")


def span_words(span: Span) -> str:
    """A length of time: 3 天 2 小时."""
    parts = [
        (span.days, ngettext("%(count)d 天", "%(count)d 天", span.days)),
        (span.hours, ngettext("%(count)d 小时", "%(count)d 小时", span.hours)),
        (span.minutes, ngettext("%(count)d 分钟", "%(count)d 分钟", span.minutes)),
    ]
    return " ".join(text % {"count": count} for count, text in parts if count) or _("不等待")


def weekday_words(days: Sequence[int]) -> str:
    """Days of the week: 周一、周三."""
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    return conditions.listed(names[day - 1] for day in sorted(set(days)))


def event_words(name: str, where: Sequence[PropertyIs], labels: Labels) -> str:
    """An event with its filters: “订单支付”（amount ≥ ¥100.00）."""
    return conditions.event_words(name, where, labels.rules)


def _message(step: SendMessage, labels: Labels) -> str:
    words = {
        "message": labels.messages.get(step.message, f"#{step.message}"),
        "channel": labels.channels.get(step.channel, step.channel),
        "weak": labels.channels.get(step.weak_channel, step.weak_channel),
    }
    if step.weak_channel:
        return _("用%(channel)s发送“%(message)s”，弱关系走%(weak)s") % words
    return _("用%(channel)s发送“%(message)s”") % words


def _task(step: AssignTask, labels: Labels) -> str:
    return _("请员工在 %(hours)d 小时内：%(title)s") % {"hours": step.deadline_hours, "title": step.title}


def _tags(step: ChangeTags, labels: Labels) -> str:
    said = [_("打上标签 %(tags)s") % {"tags": conditions.listed(step.add)}] if step.add else []
    if step.remove:
        said.append(_("去掉标签 %(tags)s") % {"tags": conditions.listed(step.remove)})
    return _("，").join(said)


def _attribute(step: SetAttribute, labels: Labels) -> str:
    value = (_("是") if step.value else _("否")) if isinstance(step.value, bool) else conditions.shown(step.value)
    return _("把“%(attribute)s”设为 %(value)s") % {"attribute": _attribute_name(step.attribute, labels), "value": value}


def _invite(step: InviteToGroup, labels: Labels) -> str:
    return _("请员工邀请进群“%(door)s”") % {"door": labels.doors.get(step.door, f"#{step.door}")}


def _points(step: GivePoints, labels: Labels) -> str:
    words = {"points": step.points, "reason": step.reason, "days": step.expires_days}
    if step.expires_days is None:
        return _("送 %(points)d 积分（%(reason)s），不过期") % words
    return _("送 %(points)d 积分（%(reason)s），%(days)d 天内有效") % words


def _coupon(step: GiveCoupon, labels: Labels) -> str:
    return _("发券“%(coupon)s”") % {"coupon": labels.coupons.get(step.coupon, f"#{step.coupon}")}


def _webhook(step: CallWebhook, labels: Labels) -> str:
    return _("通知 %(host)s") % {"host": step.url.split("/")[2]}


def _hand_over(step: HandOver, labels: Labels) -> str:
    return _("转入旅程“%(name)s”") % {"name": labels.journeys.get(step.journey, step.journey)}


def _wait(step: Wait, labels: Labels) -> str:
    return _("等 %(span)s") % {"span": span_words(step.span)}


def _wait_until(step: WaitUntil, labels: Labels) -> str:
    if step.weekdays:
        return _("等到%(days)s %(time)s") % {"days": weekday_words(step.weekdays), "time": step.time}
    return _("等到 %(time)s") % {"time": step.time}


def _wait_event(step: WaitForEvent, labels: Labels) -> str:
    words = {"event": event_words(step.event, step.where, labels), "span": span_words(step.at_most)}
    return _("等%(event)s发生，最多 %(span)s") % words


def _wait_date(step: WaitForDate, labels: Labels) -> str:
    return _("等到%(date)s %(time)s") % {"date": _date(step, labels), "time": step.time}


def _branch(step: Branch, labels: Labels) -> str:
    first = conditions.sentence(step.ways[0].rule, labels.rules)
    if len(step.ways) == 1:
        return _("若 %(rule)s") % {"rule": first}
    return _("若 %(rule)s；共 %(count)d 种情形") % {"rule": first, "count": len(step.ways)}


def _split(step: Split, labels: Labels) -> str:
    shares = [f"{way.name} {way.share_bp / 100:g}%" for way in step.ways]
    return _("随机分流：%(shares)s") % {"shares": conditions.listed(shares)}


def _choose_channel(step: ChooseChannel, labels: Labels) -> str:
    names = " → ".join(labels.channels.get(way.channel, way.channel) for way in step.ways)
    if step.answered_first:
        return _("走得通的渠道优先：先走最近有回应的，再按 %(channels)s") % {"channels": names}
    return _("走得通的渠道优先：%(channels)s") % {"channels": names}


def _outcome(step: Outcome, labels: Labels) -> str:
    was = {
        "sent": _("发出"),
        "delivered": _("送达"),
        "opened": _("打开"),
        "clicked": _("点击"),
        "answered": _("回复"),
    }[step.was]
    return _("“%(node)s”的消息是否%(was)s") % {"node": step.of, "was": was}


def _by_segment(entry: BySegment, labels: Labels) -> str:
    words = {"name": labels.rules.segments.get(entry.segment, entry.segment)}
    if entry.has_existing:
        return _("已在或新进入人群“%(name)s”") % words
    return _("新进入人群“%(name)s”") % words


def _by_event(entry: ByEvent, labels: Labels) -> str:
    return _("发生%(event)s") % {"event": event_words(entry.event, entry.where, labels)}


def _by_date(entry: ByDate, labels: Labels) -> str:
    words = {"date": _date(entry, labels), "time": entry.time}
    if entry.segment is None:
        return _("%(date)s %(time)s") % words
    name = labels.rules.segments.get(entry.segment, entry.segment)
    return _("人群“%(name)s”里的人，%(date)s %(time)s") % {**words, "name": name}


def _by_schedule(entry: BySchedule, labels: Labels) -> str:
    when = entry.on or ""
    if entry.weekday:
        when = _("每%(day)s") % {"day": weekday_words([entry.weekday])}
    elif entry.day:
        when = _("每月 %(day)d 日") % {"day": entry.day}
    name = labels.rules.segments.get(entry.segment, entry.segment)
    return _("%(when)s %(time)s，人群“%(name)s”全部进入") % {"when": when, "time": entry.time, "name": name}


def _date(part: ByDate | WaitForDate, labels: Labels) -> str:
    label = _attribute_name(part.attribute, labels)
    date = _("每年的“%(date)s”") % {"date": label} if part.yearly else _("“%(date)s”") % {"date": label}
    if part.lead_days > 0:
        return _("%(date)s前 %(days)d 天") % {"date": date, "days": part.lead_days}
    if part.lead_days < 0:
        return _("%(date)s后 %(days)d 天") % {"date": date, "days": -part.lead_days}
    return _("%(date)s当天") % {"date": date}


def _attribute_name(key: str, labels: Labels) -> str:
    return labels.rules.attributes.get(key, key)


_SAY: dict[type[Any], Callable[[Any, Labels], str]] = {
    SendMessage: _message,
    AssignTask: _task,
    ChangeTags: _tags,
    SetAttribute: _attribute,
    GivePoints: _points,
    GiveCoupon: _coupon,
    InviteToGroup: _invite,
    CallWebhook: _webhook,
    HandOver: _hand_over,
    Wait: _wait,
    WaitUntil: _wait_until,
    WaitForEvent: _wait_event,
    WaitForDate: _wait_date,
    Branch: _branch,
    Split: _split,
    ChooseChannel: _choose_channel,
    Outcome: _outcome,
    BySegment: _by_segment,
    ByEvent: _by_event,
    ByDate: _by_date,
    BySchedule: _by_schedule,
    ByHand: lambda entry, labels: _("手动加入、接口加入，或由其他旅程转入"),
}
