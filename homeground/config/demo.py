"""The demo: a real order log becomes a brand, a campaign runs on it with a holdout, and the review tells the truth.

Nothing about the result is invented: orders before the freeze are the history, orders after it are the outcomes, and
they were placed in 2011 by people who got no message. So the honest verdict is "not shown". All dates are moved
forward by the same whole number of weeks, so that the story ends a few days ago.
"""

import json
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.contrib.auth.models import User
from django.utils import translation

from homeground.config import demo_corp, demo_journeys, processes
from homeground.console import services as console
from homeground.content.models import Message
from homeground.content.services import save_message
from homeground.core import time
from homeground.core.env import made_folder
from homeground.core.errors import BusinessError
from homeground.core.loop import Link
from homeground.core.terminal import answer, say
from homeground.events import stream
from homeground.ingest.files.reading import Wish
from homeground.ingest.services.imports import import_file
from homeground.insights.models import Review
from homeground.insights.queries import campaign_document, campaign_text
from homeground.insights.services import review_campaign
from homeground.journeys import services as journeys
from homeground.journeys.models import Campaign, Outcome, Place, State
from homeground.people.models import AttributeValue, Consent, Customer
from homeground.people.services import ConsentDecision, decide_consent, set_brand
from homeground.segments import services as segments
from homeground.segments.models import Segment

LOG = Path(__file__).parent.parent / "console" / "demo" / "online_retail" / "orders.csv.gz"
ZONE = "Europe/London"
OPENS = clock(10)
WINDOW_DAYS = 63
DORMANT_DAYS = 90
CAMPAIGN = "沉睡客户唤回"
RULE = {
    "all": [
        {"orders": "count", "is": {"at_least": 1}},
        {"orders": "days_since_last", "is": {"greater": DORMANT_DAYS}},
    ]
}
BODY = """{{name|亲爱的顾客}}，好久不见。
您上次在{{brand}}下单是 {{last_order_on|一段时间以前}}。秋季新品已经上架，老客凭此消息享免运费：
https://example.com/autumn"""


@dataclass(frozen=True)
class Story:
    """What the folder remembers of its demo, so that a second run goes on with the same."""

    weeks: int  # By which all dates were moved.
    password: str


def play(*, serve: bool, port: int, as_json: bool) -> None:
    """Tell the story as far as it is not told yet, print the review, and serve until a signal when wanted."""
    port = port if serve or _is_free(port) else 0
    with processes.serving("127.0.0.1", port) as address, translation.override("zh-hans"):
        story = _story()
        campaign = _before_the_send(story)
        with processes.working():
            review = _after_the_send(story, campaign)
            answer(campaign_document(review), campaign_text(review), as_json)
            demo_corp.play(address)
            demo_journeys.play()
            if serve:
                say(f"\n控制台 {address} 用户名 demo 密码 {story.password}   (Ctrl-C 停止)")
                processes.until_signal()


def _is_free(port: int) -> bool:
    """Whether the port that links in messages had better lead to can be had."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _before_the_send(story: Story) -> Campaign:
    """History, consent, segment, campaign: frozen and handed to the phones, as of the freeze."""
    log = _log(story.weeks)
    frozen_at = _freeze(log).replace(tzinfo=ZoneInfo(ZONE))
    if campaign := Campaign.objects.filter(name=CAMPAIGN, state__in=(State.SENT, State.CLOSED)).first():
        return campaign
    say(f"1/6 载入 {frozen_at:%Y-%m-%d} 之前的真实订单（所有日期整体后移 {story.weeks} 周）")
    _import(log.filter(pl.col("at") < _freeze(log)))
    _assume_consent(frozen_at)
    say(f"2/6 圈选人群：买过、且 {DORMANT_DAYS} 天没有再下单的客户")
    campaign = Campaign.objects.filter(name=CAMPAIGN).first() or _draft(_segment(frozen_at))
    say("3/6 锁定受众：留出 10% 对照组，逐人过闸门")
    if campaign.state == State.DRAFT:
        campaign = journeys.freeze_campaign(campaign.pk, at=frozen_at)
    say("4/6 发送到沙盒手机")
    journeys.start_campaign(campaign.pk, at=frozen_at)
    journeys.dispatch(campaign.pk, at=frozen_at)
    return Campaign.objects.get(pk=campaign.pk)


def _after_the_send(story: Story, campaign: Campaign) -> Review:
    log = _log(story.weeks)
    if not Review.objects.filter(campaign=campaign, is_final=True).exists():
        say("5/6 载入发送之后真实发生的订单，作为结果")
        _import(log.filter(pl.col("at") >= _freeze(log)))
    say("6/6 复盘")
    return review_campaign(campaign.pk, by="demo")


def _story() -> Story:
    """The story of this folder, begun now if it is empty. Raises BusinessError where other data lie."""
    path = made_folder() / "demo.json"
    if path.exists():
        return Story(**json.loads(path.read_text()))
    if Customer.objects.exists() or User.objects.exists():
        raise BusinessError("this folder holds data of your own; run the demo with another HOMEGROUND_DATA")
    last = _log(0)["at"].max()
    assert isinstance(last, datetime)
    story = Story((time.now().replace(tzinfo=None) - last).days // 7, secrets.token_urlsafe(9))
    set_brand(name="Online Retail 演示品牌", time_zone=ZONE, currency="GBP")
    console.create_user("demo", "owner", story.password)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(vars(story), file)
    return story


def _log(weeks: int) -> pl.DataFrame:
    """The order log as shipped, with `at` (naive, London) moved forward."""
    log = pl.read_csv(LOG, infer_schema=False)
    at = pl.col("InvoiceDate").str.to_datetime("%Y-%m-%d %H:%M:%S") + timedelta(weeks=weeks)
    return log.with_columns(at.alias("at"), at.dt.strftime("%Y-%m-%d %H:%M:%S").alias("InvoiceDate"))


def _freeze(log: pl.DataFrame) -> datetime:
    """The shop's local time of the freeze: ten in the morning, so many days before the log's last."""
    last = log["at"].max()
    assert isinstance(last, datetime)
    return datetime.combine(last - timedelta(days=WINDOW_DAYS), OPENS)


def _import(lines: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "online_retail.csv"
        lines.drop("at").write_csv(file)
        import_file(file, Wish(kind="orders", preset="online-retail"))
    stream.drain()


def _assume_consent(at: datetime) -> None:
    """The log says nothing of consent: the demo assumes that customers in the United Kingdom gave it, others not."""
    if Consent.objects.exists():
        return
    british = AttributeValue.objects.filter(attribute__key="country", value="United Kingdom")
    proof = {"note": "演示假定：英国客户下单时勾选了接收营销信息；原始数据没有这一项。"}
    decide_consent(
        ConsentDecision(customer, Consent.Purpose.PROMOTION, "*", True, proof, "demo", at)
        for customer in british.values_list("customer_id", flat=True)
    )
    stream.drain()


def _segment(at: datetime) -> Segment:
    found = Segment.objects.filter(slug="dormant").first()
    segment = found or segments.create(
        slug="dormant", name="沉睡客户", rule=RULE, link=Link.ACTIVATE, created_by="demo"
    )
    segments.refresh(segment, at=at)
    stream.drain()
    return segment


def _draft(segment: Segment) -> Campaign:
    message = save_message(Message(name="唤回：免运费", link=Link.ACTIVATE, body=BODY))
    fields: dict[str, Any] = {
        "link": Link.ACTIVATE,
        "segment": segment,
        "offer": "老客免运费",
        "place": Place.TRADE,
        "channel": "phone",
        "message": message,
        "hypothesis": "沉睡客户不是不需要，是忘了；一条提醒加免运费会让更多人回来下单。",
        "primary_outcome": Outcome.ORDERED,
        "base_bp": 3000,
        "expected_lift_bp": 1000,
        "window_days": WINDOW_DAYS,
        "holdout_bp": 1000,
        "created_by": "demo",
    }
    return journeys.save_draft(Campaign(name=CAMPAIGN, **fields))
