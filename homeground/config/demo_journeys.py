"""The demo's third chapter: when everybody buys next, the playbook for this type of brand, and a journey under way.

The journey reminds those whose next order is near; whoever is worth more gets a call by their member of staff instead.
"""

from typing import Any

from homeground.content.models import Message
from homeground.content.services import save_message
from homeground.core import time
from homeground.core.loop import Link
from homeground.core.terminal import say
from homeground.events import stream
from homeground.insights.models import PredictionRun
from homeground.insights.services.predicting import predict
from homeground.journeys import services as journeys
from homeground.journeys.models import Campaign, Journey
from homeground.journeys.services import intakes, publishing
from homeground.journeys.services.walking.engine import walk
from homeground.people.services import mirror
from homeground.playbooks.models import Installation
from homeground.playbooks.pack.reading import packs
from homeground.playbooks.queries.estimate import estimated, proposed
from homeground.playbooks.services import Asked, install
from homeground.segments import services as segments

JOURNEY, SEGMENT, MESSAGE = "快用完了，提醒一声", "demo-due", "补货提醒"
DUE_DAYS, DEAR = 21, 3000  # Days ahead; a year's expected spend from which staff call.
BODY = """{{name|您}}好，按您平时的节奏，这两周该补货了。
常用的那几样都有货，需要就回复我，不需要也不用管。"""


def play() -> None:
    """Tell the chapter as far as it is not told yet."""
    say("旅程 1/3 按每位客户自己的购买史，预测下次购买、活跃概率和未来一年消费")
    if not PredictionRun.objects.exists():
        predict(by="demo")
        mirror()
    say("旅程 2/3 看订单判断属于哪一类品牌，装好对应的打法")
    if not Installation.objects.exists() and (found := estimated()):
        install(proposed(found.answers, packs()).pack, Asked(), by="demo")
    say("旅程 3/3 上线一条旅程：快到补货时间的老客，该提醒的提醒，该打电话的打电话")
    if not Journey.objects.filter(name=JOURNEY).exists():
        _walk(_published())


def _published() -> Journey:
    rule = {"attribute": "next_order_on", "is": {"next_days": DUE_DAYS}}
    due = segments.create(slug=SEGMENT, name=f"{DUE_DAYS} 天内该补货的老客", rule=rule, created_by="demo")
    segments.refresh(due)
    message = save_message(Message(name=MESSAGE, link=Link.CONVERT, body=BODY, channel_kind="phone", is_promotion=True))
    journey = publishing.create(
        name=JOURNEY,
        link=Link.CONVERT,
        by="demo",
        draft=_graph(message.pk),
        hypothesis="在自己该补货的时候被提醒一次的人，不会转去别家买。",
    )
    publishing.publish(journey.pk, by="demo")
    return journey


def _walk(journey: Journey) -> None:
    """Let everybody in and walk as far as it goes at once; the worker does the rest in its own time."""
    journey.refresh_from_db()
    assert journey.live
    intakes.begin_existing(journey.live.pk)
    stream.drain()
    for intake in journey.intakes.all():
        intakes.take_in(intake.pk)
    walk(journey.pk, at=time.now())
    for campaign in Campaign.objects.filter(version=journey.live):
        journeys.queue_dispatch(campaign.pk)


def _graph(message: int) -> dict[str, Any]:
    ordered = {"event": "commerce.order_paid"}
    dear = {"attribute": "expected_value", "is": {"at_least": DEAR}}
    return {
        "entries": [{"by": "segment", "segment": SEGMENT, "has_existing": True}],
        "again": {"when": "after_days", "days": 30},
        "variants": [{"name": "全部", "share_bp": 10_000, "start": "worth"}],
        "goal": ordered,
        "nodes": {
            "worth": {
                "kind": "branch",
                "name": "未来一年值多少",
                "at": [320, 60],
                "ways": [{"name": "值得打电话", "rule": dear, "next": "call"}],
                "otherwise": "remind",
            },
            "call": {
                "kind": "task",
                "name": "顾问打个电话",
                "at": [140, 220],
                "title": "该补货了：打个电话问问",
                "how": "先问上次买的用得怎么样，再聊补货；不合适就记下原因，别硬推。",
                "deadline_hours": 48,
                "next": "order",
            },
            "remind": {
                "kind": "message",
                "name": "提醒一声",
                "at": [500, 220],
                "message": message,
                "channel": "phone",
                "valid_days": 5,
                "next": "order",
            },
            "order": {
                "kind": "wait_event",
                "name": "等他下单",
                "at": [320, 380],
                **ordered,
                "at_most": {"days": 10},
                "next": None,
                "otherwise": "note",
            },
            "note": {"kind": "tag", "name": "记一笔", "at": [320, 540], "add": ["提醒后没买"], "next": None},
        },
    }
