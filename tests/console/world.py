"""A small brand with a past, made by services: customers, orders, a segment, a campaign that was sent, its review."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from homeground.channels.services.channels import install_defaults
from homeground.commerce.services import import_orders
from homeground.content.models import Message
from homeground.content.services import save_message
from homeground.core import time
from homeground.core.loop import Link
from homeground.events import stream
from homeground.insights.services import review_campaign
from homeground.journeys import services as journeys
from homeground.journeys.models import Campaign
from homeground.people.services import set_brand, upsert_customers
from homeground.segments import services as segments
from homeground.segments.models import Segment

NAMES = [
    "王小明",
    "李思思",
    "张嘉雨",
    "周一国",
    "罗懿文",
    "胡琪可",
    "孙若可",
    "林诺佳",
    "赵晓诺",
    "朱佳馨",
    "Mary Chen",
    "欧阳月",
]
GOODS = [("TEA-01", "凤凰单丛 250g", "168.00"), ("TEA-02", "白毫银针 100g", "236.00"), ("CUP-01", "手绘盖碗", "89.90")]
CONSENT = "consent:promotion:*"
RULE = {"all": [{"orders": "count", "is": {"at_least": 1}}]}
BODY = "{{name|亲爱的顾客}}，秋茶到了，老客免运费：https://example.com/autumn"


@dataclass(frozen=True)
class World:
    """What a test may want to name."""

    segment: Segment
    campaign: Campaign


def make_world(size: int = 48, at: datetime | None = None) -> World:
    """The whole story up to the review. at: the end of the campaign's window."""
    at = at or time.now()
    frozen_at = (at - timedelta(days=15)).replace(hour=4)  # Noon in Shanghai: nobody sleeps.
    install_defaults()
    set_brand(name="山间茶事", time_zone="Asia/Shanghai", currency="CNY")
    proof = {"text": "入会时勾选“接收新品消息”"}
    people = pl.DataFrame(list(_people(size, at)))
    upsert_customers(people, source="会员系统", at=at - timedelta(days=200), proof=proof)
    import_orders(_orders(size, frozen_at, range(120, 0, -5)), source="门店", currency="CNY")
    stream.drain()
    segment = segments.create(slug="buyers", name="买过茶的客户", rule=RULE, link=Link.ACTIVATE, created_by="owner")
    segments.refresh(segment, at=frozen_at)
    stream.drain()
    campaign = _campaign(segment, frozen_at)
    import_orders(_orders(size, at, range(14, 1, -3), "B"), source="门店", currency="CNY")
    stream.drain()
    review_campaign(campaign.pk, by="owner", at=at)
    return World(segment, campaign)


def _people(size: int, at: datetime) -> Iterator[dict[str, Any]]:
    for i in range(size):
        yield {
            "phone": f"138{i:08d}",
            "email": f"someone{i}@example.com" if i % 3 == 0 else None,
            "name": NAMES[i % len(NAMES)],
            "city": ["杭州", "上海", "成都"][i % 3],
            "tags": "老客;爱喝白茶" if i % 4 == 0 else "新客",
            CONSENT: i % 5 != 0,
            "created_at": at - timedelta(days=200 - i),
        }


def _orders(size: int, until: datetime, days: range, series: str = "A") -> pl.DataFrame:
    rows = [
        {
            "order_no": f"{series}{day}-{i}",
            "line_no": 1,
            "sku": GOODS[i % 3][0],
            "product_name": GOODS[i % 3][1],
            "quantity": 1 + i % 2,
            "unit_price": Decimal(GOODS[i % 3][2]),
            "at": until - timedelta(days=day, hours=i % 9),
            "phone": f"138{i:08d}" if i % 11 else None,
        }
        for day in days
        for i in range(day % 7, size, 7)
    ]
    return pl.DataFrame(rows, schema_overrides={"at": pl.Datetime("us", "UTC"), "unit_price": pl.Decimal(18, 6)})


def _campaign(segment: Segment, at: datetime) -> Campaign:
    message = save_message(Message(name="秋茶上新", link=Link.ACTIVATE, body=BODY))
    draft = Campaign(
        name="秋茶唤回",
        link=Link.ACTIVATE,
        segment=segment,
        offer="老客免运费",
        place="trade",
        channel="phone",
        message=message,
        hypothesis="不是不想喝，是忘了；一条提醒会让更多人回来。",
        base_bp=3000,
        expected_lift_bp=1000,
        window_days=14,
        holdout_bp=2000,
        created_by="owner",
    )
    campaign = journeys.save_draft(draft)
    journeys.freeze_campaign(campaign.pk, at=at)
    journeys.start_campaign(campaign.pk, at=at)
    journeys.dispatch(campaign.pk, at=at)
    stream.drain()
    return Campaign.objects.get(pk=campaign.pk)
