"""What must hold of each kind of node, against what there is to name. Each problem is (field, text)."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from homeground.core import outside
from homeground.journeys.graph.entries import Found, date_problems, rule_problems, where_problems
from homeground.journeys.graph.known import Known
from homeground.journeys.graph.nodes import (
    Branch,
    CallWebhook,
    ChangeTags,
    ChooseChannel,
    GiveCoupon,
    HandOver,
    InviteToGroup,
    SendMessage,
    SetAttribute,
    Wait,
    WaitForDate,
    WaitForEvent,
    WaitUntil,
)
from homeground.journeys.graph.routes import is_nothing
from homeground.people.services.attributes import as_text

_LONGEST_KEY = 60  # Of an attribute of the dictionary.


def step_problems(step: Any, known: Known, slug: str) -> Found:
    """What is wrong with one node by itself. slug: the journey that it belongs to."""
    if isinstance(step, HandOver):
        yield from _hand_over(step, known, slug)
    elif judge := _JUDGES.get(type(step)):
        yield from judge(step, known)


def _message(step: SendMessage, known: Known) -> Found:
    message = known.messages.get(step.message)
    if message is None:
        yield "message", _("消息模板不存在，请重新选择")
    elif message.refusal:
        yield "message", _("模板“%(name)s”现在不能发送：%(why)s") % {"name": message.name, "why": message.refusal}
    for field in ("channel", "weak_channel"):
        if field == "channel" or step.weak_channel:
            yield from ((field, text) for text in _channel(step, getattr(step, field), known))


def _channel(step: SendMessage, slug: str, known: Known) -> Iterator[str]:
    yield from _usable(slug, known)
    channel, message = known.channels.get(slug), known.messages.get(step.message)
    if channel is None:
        return
    if message and message.channel_kind != channel.kind:
        words = {"message": message.name, "channel": channel.name}
        yield _("模板“%(message)s”是为另一类渠道写的，渠道“%(channel)s”发不出去") % words
    if message and message.is_promotion and not channel.can_opt_out:
        yield _("渠道“%(name)s”没有退订方式，不能发营销信息") % {"name": channel.name}


def _usable(slug: str, known: Known) -> Iterator[str]:
    channel = known.channels.get(slug)
    if channel is None:
        yield _("没有标识为“%(slug)s”的渠道") % {"slug": slug}
    elif not channel.is_enabled:
        yield _("渠道“%(name)s”未启用，请先到“渠道”页启用它") % {"name": channel.name}


def _tags(step: ChangeTags, known: Known) -> Found:
    if not step.add and not step.remove:
        yield "add", _("请写明要打上或去掉哪些标签")
    if both := sorted({*step.add} & {*step.remove}):
        yield "remove", _("同一个标签不能既打上又去掉：%(tags)s") % {"tags": _("、").join(both)}


def _attribute(step: SetAttribute, known: Known) -> Found:
    there = known.dictionary.attributes.get(step.attribute)
    if there is None and len(step.attribute) > _LONGEST_KEY:
        yield "attribute", _("属性标识最多 %(most)d 个字符") % {"most": _LONGEST_KEY}
    elif there is not None and as_text(step.value, there.kind) is None:
        yield "value", _("这个值不合“%(key)s”的类型") % {"key": step.attribute}
    elif step.value == "":
        yield "value", _("请写明要设成什么值")


def _invite(step: InviteToGroup, known: Known) -> Found:
    door = known.doors.get(step.door)
    if door is None:
        yield "door", _("入口不存在，请重新选择")
    elif not door.is_group:
        yield "door", _("“%(name)s”不是群活码，不能邀请进群") % {"name": door.name}
    elif door.is_retired:
        yield "door", _("群活码“%(name)s”已停用") % {"name": door.name}


def _coupon(step: GiveCoupon, known: Known) -> Found:
    coupon = known.coupons.get(step.coupon)
    if coupon is None:
        yield "coupon", _("券种不存在，请重新选择")
    elif coupon.refusal:
        yield "coupon", _("券“%(name)s”现在发不出去：%(why)s") % {"name": coupon.name, "why": coupon.refusal}


def _webhook(step: CallWebhook, known: Known) -> Found:
    try:
        outside.look_at(step.url, known.private_hosts)
    except outside.AddressRefused as refusal:
        yield "url", _("这个地址不能调用：%(why)s") % {"why": refusal}


def _hand_over(step: HandOver, known: Known, slug: str) -> Found:
    there = known.journeys.get(step.journey)
    words = {"name": there.name if there else step.journey}
    if step.journey == slug:
        yield "journey", _("不能转入旅程自己；要再走一遍，请连回前面的节点")
    elif there is None:
        yield "journey", _("没有标识为“%(name)s”的旅程") % words
    elif there.state in ("draft", "ended"):
        yield "journey", _("旅程“%(name)s”没有在运行，没法转入") % words
    elif not there.takes_by_hand:
        yield "journey", _("旅程“%(name)s”没有开放手动加入，没法转入") % words


def _wait(step: Wait, known: Known) -> Found:
    if is_nothing(step.span):
        yield "span", _("等待时长不能为零")


def _wait_until(step: WaitUntil, known: Known) -> Found:
    if len(set(step.weekdays)) != len(step.weekdays):
        yield "weekdays", _("同一个星期几选了两次")


def _wait_event(step: WaitForEvent, known: Known) -> Found:
    if is_nothing(step.at_most):
        yield "at_most", _("最长等待时间不能为零")
    yield from where_problems(step.event, step.where, known)


def _wait_date(step: WaitForDate, known: Known) -> Found:
    yield from date_problems(step.attribute, known)


def _branch(step: Branch, known: Known) -> Found:
    for at, way in enumerate(step.ways):
        yield from rule_problems(way.rule, known, f"ways[{at}].rule")


def _choose_channel(step: ChooseChannel, known: Known) -> Found:
    slugs = [way.channel for way in step.ways]
    for at, slug in enumerate(slugs):
        yield from ((f"ways[{at}].channel", text) for text in _usable(slug, known))
    for slug, times in Counter(slugs).items():
        if times > 1:
            name = known.channels[slug].name if slug in known.channels else slug
            yield "ways", _("渠道“%(name)s”选了 %(times)d 次，每个渠道只留一路") % {"name": name, "times": times}


_JUDGES: dict[type[Any], Callable[[Any, Known], Found]] = {
    SendMessage: _message,
    ChangeTags: _tags,
    SetAttribute: _attribute,
    GiveCoupon: _coupon,
    InviteToGroup: _invite,
    CallWebhook: _webhook,
    Wait: _wait,
    WaitUntil: _wait_until,
    WaitForEvent: _wait_event,
    WaitForDate: _wait_date,
    Branch: _branch,
    ChooseChannel: _choose_channel,
}
