"""Journeys: steps against a bare claim-and-update of the same rows, messages with guard and touch rows, a million who
wait, and a hundred thousand woken by one event."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from benchmarks import Result

SIZES = (50_000, 200_000)
WAITING = (100_000, 1_000_000)
WOKEN = (20_000, 100_000)
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
_PEOPLE = """
INSERT INTO people_customer (name, source, time_zone, relation, created_at)
SELECT '', '', (ARRAY['', '', 'America/New_York'])[1 + mod(n, 3)],
       (ARRAY['none', 'one_way', 'two_way', 'many_way'])[1 + mod(n, 4)], now()
FROM generate_series(1, %(size)s) AS n;
INSERT INTO people_identity (customer_id, kind, value, source, created_at)
SELECT id, 'phone', '1' || lpad(id::text, 10, '0'), '', now() FROM people_customer;
INSERT INTO people_consent (customer_id, purpose, channel, is_granted, proof, source, decided_at, recorded_at)
SELECT id, 'promotion', '*', mod(id, 11) <> 0, '{}', 'bench', %(at)s, now() FROM people_customer
"""
_WALKS = """
INSERT INTO journeys_enrolment (journey_id, version_id, customer_id, key, cause, arm, variant, entered_at, state, node,
    arrived_at, due_at, steps, ending, error)
SELECT %(journey)s, %(version)s, id, '', 'bench:' || id, 'treated', 'all', %(at)s, 'walking', %(node)s, %(at)s,
    %(due)s::timestamptz + mod(id, 1000) * interval '1 second', 0, '', ''
FROM people_customer ORDER BY id LIMIT %(size)s
"""
_BARE = """
UPDATE journeys_enrolment AS e SET node = 'c', due_at = %(later)s, arrived_at = %(at)s, steps = steps + 1
FROM (
    SELECT id FROM journeys_enrolment
    WHERE journey_id = %(journey)s AND state = 'walking' AND due_at <= %(at)s
    ORDER BY due_at LIMIT %(size)s FOR UPDATE SKIP LOCKED
) AS due
WHERE e.id = due.id
"""


def bench() -> list[Result]:
    """All of it, each measurement in tables that are emptied first."""
    from homeground.events.stores import open_stores

    open_stores()
    return [
        *(steps(size) for size in SIZES),
        *(messages(size) for size in SIZES),
        *(waiting(size) for size in WAITING),
        *(waking(size) for size in WOKEN),
    ]


def steps(size: int) -> Result:
    """Every step is claimed by itself: from one wait to the next, written to the log, counted on its edge."""
    from homeground.journeys.services.walking.engine import walk

    journey = _world(size, {"a": _wait("b"), "b": _wait("c"), "c": _wait(None)})
    ours = _seconds(lambda: _expect(size, walk(journey, NOW + HOUR)))
    _settle()
    bare = _seconds(lambda: _bare(journey, NOW + 3 * HOUR))
    return Result("journey steps", size, "steps", ours, bare, goal=0.5)


def messages(size: int) -> Result:
    """A message a walk: guard, touch row, dispatch queued; then a wait. Goal: 10,000 a second, two steps each."""
    from homeground.journeys.services.walking.engine import walk

    note = {"kind": "message", "name": "m", "message": _message(), "channel": "phone", "next": "c"}
    journey = _world(size, {"a": _wait("m"), "m": note, "c": _wait(None)})
    ours = _seconds(lambda: _expect(2 * size, walk(journey, NOW + HOUR)))
    return Result("journey messages", 2 * size, "steps", ours, None, goal=2 * size / 10_000)


def waiting(size: int) -> Result:
    """Nobody is due: what a look costs with so many waiting."""
    from homeground.journeys.services.walking.engine import journeys_due, next_due_at, walk

    journey = _world(size, {"a": _wait("b"), "b": _wait(None)})
    ours = _seconds(lambda: (journeys_due(NOW), next_due_at(), walk(journey, NOW)))
    return Result("journey look", size, "waiting", ours, None, goal=0.05)


def waking(size: int) -> Result:
    """One event name ends the wait of all of them, as the stream hands the events over."""
    from homeground.events.facts import Event
    from homeground.journeys.services.waking import note_events
    from homeground.journeys.services.walking.engine import walk

    node = {
        "kind": "wait_event", "name": "w", "event": "shop.seen", "at_most": {"days": 9}, "next": "b", "otherwise": None
    }  # fmt: skip
    journey = _world(size, {"a": node, "b": _wait(None)})
    at = NOW + timedelta(minutes=5)
    ids = _column("SELECT id FROM people_customer ORDER BY id")
    events = [Event(n, "shop.seen", one, at, at, "bench", (), {}) for n, one in enumerate(ids)]
    parts = [events[start : start + 20_000] for start in range(0, size, 20_000)]
    ours = _seconds(lambda: [note_events(part, at) for part in parts])
    _expect(size, walk(journey, at))
    return Result("journey waking", size, "walks", ours, None, goal=20 * size / 100_000)


def _world(size: int, nodes: dict[str, Any]) -> int:
    from homeground.journeys.models import Campaign, Journey, Listener, Version

    _run("TRUNCATE people_customer, journeys_enrolment, stream_event CASCADE")
    _run(_PEOPLE, size=size, at=NOW - timedelta(days=3))
    graph = {
        "entries": [{"by": "hand"}], "variants": [{"name": "all", "share_bp": 10_000, "start": "a"}], "nodes": nodes
    }  # fmt: skip
    slug = f"bench-{Journey.objects.count()}"
    journey = Journey.objects.create(name=slug, slug=slug, link="convert", draft=graph)
    version = Version.objects.create(
        journey=journey, number=1, graph=graph, is_promotion=True, published_at=NOW - timedelta(days=3)
    )
    journey.live, journey.state = version, "live"
    journey.save()
    for node, step in nodes.items():
        if step["kind"] == "wait_event":
            Listener.objects.create(version=version, event=step["event"], purpose="wake", node=node)
        if step["kind"] == "message":
            Campaign.objects.create(**_campaign(version, node, step))
    _run(_WALKS, journey=journey.pk, version=version.pk, node="a", at=NOW, due=NOW + HOUR / 2, size=size)
    _settle()
    return int(journey.pk)


def _campaign(version: Any, node: str, step: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": version, "node": node, "name": node, "link": "convert", "offer": "x", "place": "trade",
        "channel": "phone", "message_id": step["message"], "hypothesis": "x", "expected_lift_bp": 0, "holdout_bp": 0,
        "is_promotion": True, "body": "hello", "state": "sending", "audience_size": 0,
        "frozen_at": version.published_at,
    }  # fmt: skip


def _message() -> int:
    from homeground.channels.models import Channel
    from homeground.content.models import Message

    Channel.objects.update_or_create(
        slug="phone", defaults={"name": "phone", "kind": "phone", "address_kinds": ["phone"], "is_enabled": True}
    )
    name = f"bench {Message.objects.count()}"
    return int(Message.objects.create(name=name, link="activate", body="{{name|您}}好", is_promotion=True).pk)


def _wait(to: str | None) -> dict[str, Any]:
    return {"kind": "wait", "name": "w", "span": {"hours": 1}, "next": to}


def _bare(journey: int, at: datetime) -> None:
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_BARE, {"journey": journey, "at": at, "later": at + HOUR, "size": 2000})
            if not cursor.rowcount:
                return


def _settle() -> None:
    _run("VACUUM ANALYZE journeys_enrolment")
    _run("ANALYZE people_customer")


def _expect(wanted: int, done: int) -> None:
    assert done == wanted, f"{done} steps instead of {wanted}"


def _column(sql: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def _run(sql: str, **params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


def _seconds(work: Callable[[], Any]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
