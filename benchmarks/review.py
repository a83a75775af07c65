"""Reviews: a file through the command line, a campaign of a million, and the home page's five links."""

import csv
import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection

from benchmarks import Result

FILES = (64_000, 640_000)
PEOPLE = (250_000, 1_000_000)
FROZEN = datetime(2026, 3, 10, 4, tzinfo=UTC)
_VERB = "import sys; from homeground.config.cli import main; sys.argv[0] = 'homeground'; main()"
_PARTICIPANTS = """
INSERT INTO people_customer (name, source, time_zone, relation, created_at)
SELECT '', '', '', (ARRAY['none', 'one_way', 'two_way'])[1 + mod(n, 3)], %(at)s FROM generate_series(1, %(size)s) AS n;
INSERT INTO journeys_participant (campaign_id, customer_id, arm)
SELECT %(campaign)s, id, CASE WHEN mod(hashint8(id), 10) = 0 THEN 'holdout' ELSE 'treated' END FROM people_customer
"""
# Five events a person over a year, a third of them orders, a tenth of those in the window after the freeze.
_EVENTS = """
INSERT INTO events.events
SELECT
    number + 1, ['commerce.order_paid', 'page_viewed', 'channels.message_sent'][number % 3 + 1],
    cityHash64(number) % {size:UInt64} + 1,
    toDateTime64({frozen:DateTime64(3)}, 3, 'UTC') + toIntervalSecond(intHash32(number) % 34560000)
        - toIntervalDay(360),
    now64(3), 'bench', intHash32(number) % 20000, 'CNY', '[]', '{"campaign_id": 1}'
FROM numbers({size:UInt64} * 5)
"""
_CUSTOMERS = """
INSERT INTO events.customers (customer_id, into_id, created_at, source, version, is_deleted)
SELECT
    number + 1, number + 1, toDateTime64({frozen:DateTime64(3)}, 3, 'UTC') - toIntervalDay(number % 400), 'bench', 1, 0
FROM numbers({size:UInt64})
"""


def bench() -> list[Result]:
    """The file first, in processes of its own; then the stores at two sizes."""
    from homeground.events.stores import open_stores

    files = [_file(size) for size in FILES]
    open_stores()
    return [*files, *(result for size in PEOPLE for result in _campaign(size))]


def _file(rows: int) -> Result:
    """Three arms, three outcomes, a covariate; from process start to the document."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        _write(path, rows)
        asked = [
            str(path),
            "--arm",
            "arm",
            "--control",
            "a",
            "--outcomes",
            "visit,bought,spend",
            "--before",
            "was=spend",
        ]
        ours = min(_seconds(lambda: _run_verb(asked)) for _ in range(3))
    return Result("review of a file", rows, "rows", ours, None, goal=2.0 if rows == FILES[0] else None, at_least=False)


def _run_verb(asked: list[str]) -> None:
    command = [sys.executable, "-c", _VERB, "review", *asked, "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ))


def _write(path: Path, rows: int) -> None:
    draw = random.Random(1)
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["arm", "visit", "bought", "spend", "was"])
        for row in range(rows):
            was = round(draw.expovariate(0.01), 2)
            lines.writerow(
                ["abc"[row % 3], draw.randrange(2), draw.randrange(20) // 19, round(was * draw.random(), 2), was]
            )


def _campaign(size: int) -> list[Result]:
    from homeground.events import warehouse

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_customer, journeys_campaign RESTART IDENTITY CASCADE")
    for table in ("events", "customers"):
        warehouse.run(f"TRUNCATE TABLE events.{table}")
    campaign = _sent_campaign()
    with connection.cursor() as cursor:
        cursor.execute(_PARTICIPANTS, {"size": size, "campaign": campaign, "at": FROZEN - timedelta(days=400)})
        cursor.execute("ANALYZE")
    for sql in (_EVENTS, _CUSTOMERS):
        warehouse.run(sql, size=size, frozen=FROZEN)
    return [_reviewed(campaign, size), _home(size)]


def _reviewed(campaign: int, size: int) -> Result:
    """Against reading the same two tables with nothing done to them."""
    from homeground.insights.queries import people
    from homeground.insights.services import review_campaign
    from homeground.journeys.models import Campaign

    until = FROZEN + timedelta(days=14)
    ours = _seconds(lambda: review_campaign(campaign, at=until))
    row = Campaign.objects.get(pk=campaign)
    bare = _seconds(lambda: (people.placed(row.pk, FROZEN), people.done(FROZEN, until, "CNY")))
    return Result("review of a campaign", size, "customers", ours, bare, goal=None, at_least=False)


def _home(size: int) -> Result:
    from homeground.insights.queries import loop

    last = FROZEN.date()
    ours = min(_seconds(lambda: _loop(loop, last)) for _ in range(3))
    return Result("home, five links of 30 days", size, "customers", ours, None, goal=0.2, at_least=False)


def _loop(loop: Any, last: date) -> None:
    loop(last - timedelta(days=29), last)


def _sent_campaign() -> int:
    from homeground.content.models import Message
    from homeground.journeys.models import Campaign
    from homeground.segments.models import Segment

    name = f"review {Segment.objects.count()}"
    segment = Segment.objects.create(slug=name.replace(" ", "-"), name=name, is_dynamic=False)
    message = Message.objects.create(name=name, link="activate", body="{{name|您}}好")
    made = Campaign.objects.create(
        name=name, link="activate", segment=segment, message=message, offer="x", place="trade", channel="phone",
        hypothesis="x", expected_lift_bp=1000, state="sent", frozen_at=FROZEN, audience_size=1, is_promotion=True,
    )  # fmt: skip
    return made.pk


def _seconds(work: Any) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
