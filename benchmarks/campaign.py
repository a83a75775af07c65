"""A campaign's freeze (audience, holdout, guard, touch rows) against the bare INSERT … SELECT of its touch rows."""

from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from benchmarks import Result

SIZES = (250_000, 1_000_000)
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
_PEOPLE = """
INSERT INTO people_customer (name, source, time_zone, relation, created_at)
SELECT '', '', (ARRAY['', '', 'America/New_York'])[1 + mod(n, 3)],
       (ARRAY['none', 'one_way', 'two_way', 'many_way'])[1 + mod(n, 4)], now()
FROM generate_series(1, %(size)s) AS n;
INSERT INTO people_identity (customer_id, kind, value, source, created_at)
SELECT id, 'phone', '1' || lpad(id::text, 10, '0'), '', now() FROM people_customer WHERE mod(id, 20) <> 0;
INSERT INTO people_consent (customer_id, purpose, channel, is_granted, proof, source, decided_at, recorded_at)
SELECT id, 'promotion', '*', mod(id, 11) <> 0, '{}', 'bench', %(at)s, now() FROM people_customer WHERE mod(id, 10) <> 0
"""
_EARLIER = """
INSERT INTO journeys_touch
    (campaign_id, customer_id, channel, is_promotion, state, reason, due_at, attempts, key, sent_at)
SELECT %(campaign)s, id, 'phone', true, 'delivered', '', %(at)s, 1, gen_random_uuid(), %(at)s
FROM people_customer WHERE mod(id, 3) = 0
"""
_BARE = """
INSERT INTO journeys_touch (campaign_id, customer_id, channel, is_promotion, state, reason, detail, due_at, attempts)
SELECT %(campaign)s, customer_id, channel, is_promotion, state, reason, detail, due_at, attempts
FROM journeys_touch WHERE campaign_id = %(frozen)s
"""


def bench() -> list[Result]:
    """Both sizes, each in a database whose tables are emptied first."""
    from homeground.events.stores import open_stores

    open_stores()
    return [_measure(size) for size in SIZES]


def _measure(size: int) -> Result:
    from homeground.journeys import services

    _run("TRUNCATE people_customer, journeys_campaign RESTART IDENTITY CASCADE")
    at = NOW - timedelta(days=3)
    _run(_PEOPLE, size=size, at=at)
    earlier, campaign, bare = (_draft(f"{size}-{n}") for n in range(3))
    _run(_EARLIER, campaign=earlier, at=at)
    _run("VACUUM ANALYZE")
    ids = list(range(1, size + 1))
    with patch("homeground.segments.services.members", lambda _segment: ids):
        ours = _seconds(lambda: services.freeze_campaign(campaign, at=NOW))
    _run("VACUUM ANALYZE journeys_touch")
    bare_seconds = _seconds(lambda: _bare(bare, campaign))
    return Result("campaign", size, "customers", ours, bare_seconds, goal=4.0, at_least=False)


def _bare(campaign: int, frozen: int) -> None:
    with transaction.atomic():
        _run(_BARE, campaign=campaign, frozen=frozen)


def _draft(name: str) -> int:
    from homeground.channels.models import Channel
    from homeground.content.models import Message
    from homeground.journeys.models import Campaign
    from homeground.segments.models import Segment

    Channel.objects.update_or_create(
        slug="phone", defaults={"name": "phone", "kind": "phone", "address_kinds": ["phone"], "is_enabled": True}
    )
    segment = Segment.objects.create(slug=name, name=name, is_dynamic=False)
    message = Message.objects.create(name=name, link="activate", body="{{name|您}}好")
    campaign = Campaign.objects.create(
        name=name,
        link="activate",
        segment=segment,
        message=message,
        offer="x",
        place="trade",
        channel="phone",
        hypothesis="x",
        expected_lift_bp=1000,
    )
    return int(campaign.pk)


def _run(sql: str, **params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


def _seconds(work: Any) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
