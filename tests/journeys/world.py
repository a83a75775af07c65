"""Small worlds for the campaign's tests: made through services where there are any, with all their moments given."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Any
from uuid import UUID, uuid4

from homeground.channels.models import Channel
from homeground.commerce.models import Order
from homeground.content.models import Message
from homeground.journeys import services
from homeground.journeys.models import Campaign, FrequencyCap, GlobalHoldout, PromotionShare, QuietHours, Restoration
from homeground.people.models import Consent, Customer, Identity
from homeground.segments.models import Segment

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)  # 12:00 in Shanghai.
LONG_AGO = NOON - timedelta(days=400)


def no_policy() -> None:
    """A deployment whose guard has no policy of its own: nothing capped, never quiet, no global holdout."""
    for model in (GlobalHoldout, QuietHours, FrequencyCap, PromotionShare, Restoration):
        model.objects.all().delete()


def make_cap(relation: str = "none", days: int = 7, most: int | None = 1, channel: str = "*", **more: Any) -> None:
    FrequencyCap.objects.create(
        **{"relation": relation, "window_days": days, "max_touches": most, "channel": channel}
        | {"valid_from": LONG_AGO, "source": "test", "set_by": "test"}
        | more
    )


def make_quiet(starts: clock = clock(21), ends: clock = clock(9), channel: str = "*", **more: Any) -> None:
    QuietHours.objects.create(
        **{"starts": starts, "ends": ends, "channel": channel, "valid_from": LONG_AGO, "source": "t", "set_by": "t"}
        | more
    )


def make_share(bp: int = 5000, days: int = 30, least: int = 2) -> None:
    PromotionShare.objects.create(
        max_share_bp=bp, window_days=days, min_touches=least, valid_from=LONG_AGO, source="test", set_by="test"
    )


def make_global_holdout(bp: int, salt: str = "global-1", **more: Any) -> None:
    GlobalHoldout.objects.create(
        **{"share_bp": bp, "salt": salt, "valid_from": LONG_AGO, "source": "test", "set_by": "test"} | more
    )


def make_channel(slug: str = "phone", kind: str = "phone", **more: Any) -> Channel:
    fields = {"name": slug, "kind": kind, "address_kinds": ["phone"], "is_enabled": True} | more
    channel, _made = Channel.objects.update_or_create(slug=slug, defaults=fields)
    return channel


def make_customer(
    *, consent: bool | None = True, phone: bool = True, channel: str = "*", purpose: str = "promotion", **fields: Any
) -> Customer:
    """A customer who may be written to, unless said otherwise. consent: None: was never asked."""
    customer = Customer.objects.create(**{"created_at": LONG_AGO} | fields)
    if phone:
        Identity.objects.create(customer=customer, kind="phone", value=f"1380000{customer.pk:06d}")
    if consent is not None:
        decide(customer, is_granted=consent, channel=channel, purpose=purpose)
    return customer


def decide(
    customer: Customer, *, is_granted: bool, channel: str = "*", purpose: str = "promotion", at: datetime = LONG_AGO
) -> None:
    Consent.objects.create(
        customer=customer,
        purpose=purpose,
        channel=channel,
        is_granted=is_granted,
        proof={},
        source="test",
        decided_at=at,
    )


def make_order(customer: Customer, at: datetime, amount_minor: int = 100) -> Order:
    count = Order.objects.count()
    return Order.objects.create(
        order_no=f"o{count}",
        customer=customer,
        source="test",
        currency="CNY",
        amount_minor=amount_minor,
        paid_at=at,
        content_hash="",
    )


def make_message(**fields: Any) -> Message:
    name = f"message {Message.objects.count()}"
    return Message.objects.create(**{"name": name, "link": "convert", "body": "你好 {{name|亲爱的顾客}}"} | fields)


def make_draft(**fields: Any) -> Campaign:
    """A draft to a static list that the test's audience() fills."""
    if "segment" not in fields:
        count = Segment.objects.count()
        fields["segment"] = Segment.objects.create(slug=f"s{count}", name=f"人群 {count}", is_dynamic=False)
    return services.save_draft(
        Campaign(
            **{
                "name": "三月唤回",
                "link": "activate",
                "offer": "满减",
                "place": "trade",
                "channel": "phone",
                "hypothesis": "因为",
                "expected_lift_bp": 1000,
                "holdout_bp": 0,
            }
            | ({} if "message" in fields else {"message": make_message()})
            | fields
        )
    )


def audience(monkeypatch: Any, customers: Iterable[Customer | int], needing: Iterable[Customer] = ()) -> None:
    """What segments say is in the draft's segment, and in its need."""
    everyone = [one if isinstance(one, int) else one.pk for one in customers]
    need = [one.pk for one in needing]
    monkeypatch.setattr(
        "homeground.segments.services.members", lambda segment: need if segment.slug.startswith("need") else everyone
    )


def frozen(monkeypatch: Any, customers: Iterable[Customer], at: datetime = NOON, **fields: Any) -> Campaign:
    """A campaign to these customers, frozen."""
    audience(monkeypatch, customers)
    return services.freeze_campaign(make_draft(**fields).pk, at=at)


def new_key() -> UUID:
    return uuid4()
