"""Campaigns to customer groups for the tests: drafts, what a group bears, and where the groups stand."""

from homeground.core import time
from homeground.journeys import services
from homeground.journeys.models import GroupLimit, PlatformQuota
from homeground.journeys.queries.groups import group_ledger
from tests.journeys import world

ANY = {"least": 0, "owners": [], "name": ""}


def no_policy():
    world.no_policy()
    GroupLimit.objects.all().delete()
    PlatformQuota.objects.all().delete()
    world.make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"])


def frozen(monkeypatch, people=(), groups=None, at=None, is_promotion=True, **fields):
    message = world.make_message(
        channel_kind="wecom_mass", body="周五福利 https://shop.example/new", is_promotion=is_promotion
    )
    return world.frozen(
        monkeypatch,
        [one.customer for one in people],
        at=at or time.now(),
        channel="wecom",
        message=message,
        groups=ANY | (groups or {}),
        **fields,
    )


def started(monkeypatch, *given, **fields):
    return services.start_campaign(frozen(monkeypatch, *given, **fields).pk)


def lines(campaign):
    return {line.slug: line.groups for line in group_ledger(campaign.pk).lines}


def state(campaign):
    campaign.refresh_from_db()
    return campaign.state


def limit(most=9, share_bp=10_000, days=7, least=2):
    GroupLimit.objects.create(
        window_days=days, max_promotions=most, max_share_bp=share_bp, min_sends=least,
        valid_from=world.LONG_AGO, source="test", set_by="test",
    )  # fmt: skip
