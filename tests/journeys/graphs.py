"""Graphs as JSON, and what there is to name in them, without any table."""

from typing import Any

from homeground.journeys.graph.known import Known, KnownChannel, KnownCoupon, KnownDoor, KnownJourney, KnownMessage
from homeground.segments.rules import dictionary
from homeground.segments.rules.dictionary import Dictionary, StaticList
from homeground.segments.rules.parse import parse

DAY = {"days": 1}
KNOWN = Known(
    dictionary=Dictionary(
        zone="Asia/Shanghai",
        currency="CNY",
        digits=2,
        attributes={
            "birthday": dictionary.Known("date"),
            "city": dictionary.Known("text"),
            "age": dictionary.Known("number"),
        },
        segments={"vip": parse({"tag": ["vip"]}), "list": StaticList(7, 1)},
    ),
    messages={
        1: KnownMessage("欢迎", "phone", is_promotion=False),
        2: KnownMessage("满减", "phone", is_promotion=True),
        3: KnownMessage("来信", "email", is_promotion=True),
        4: KnownMessage("太长", "phone", is_promotion=True, refusal="正文太长"),
    },
    channels={
        "phone": KnownChannel("短信", "phone"),
        "email": KnownChannel("邮件", "email"),
        "off": KnownChannel("停用的", "phone", is_enabled=False),
        "mute": KnownChannel("没有退订的", "phone", can_opt_out=False),
    },
    doors={
        1: KnownDoor("福利群", is_group=True),
        2: KnownDoor("活码", is_group=False),
        3: KnownDoor("旧群", is_group=True, is_retired=True),
    },
    coupons={1: KnownCoupon("新人券"), 2: KnownCoupon("旧券", refusal="已归档")},
    journeys={
        "care": KnownJourney("关怀", "live"),
        "over": KnownJourney("往事", "ended"),
        "new": KnownJourney("草稿", "draft"),
        "closed": KnownJourney("只看事件", "live", takes_by_hand=False),
        "echo": KnownJourney("回声", "live", hands_over=frozenset({"far"})),
        "far": KnownJourney("远处", "live", hands_over=frozenset({"mine"})),
    },
)


def wait(to: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "wait", "name": "等一天", "span": DAY, "next": to} | more


def send(to: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "message", "name": "发一条", "message": 1, "channel": "phone", "next": to} | more


def tag(to: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "tag", "name": "打标签", "add": ["来过"], "next": to} | more


def graph(nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A graph that begins at the first of these nodes and is entered by hand."""
    start = next(iter(nodes), "none")
    variants = [{"name": "A", "share_bp": 10_000, "start": start}]
    return {"entries": [{"by": "hand"}], "variants": variants, "nodes": nodes} | more
