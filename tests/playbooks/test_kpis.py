from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from homeground.commerce.services import import_orders
from homeground.core import time
from homeground.events import stream
from homeground.people.models import Customer, Identity
from homeground.people.services.mirror import mirror
from homeground.playbooks.metrics import METRICS
from homeground.playbooks.models import Installation
from homeground.playbooks.pack.nodes import KpiGiven, Words
from homeground.playbooks.pack.reading import pack_of, packs
from homeground.playbooks.queries import Answers, Figures, board, estimated, figures, overall, proposed, verdicts
from homeground.playbooks.services import Asked, install
from tests.playbooks.world import make_brand

pytestmark = pytest.mark.django_db(transaction=True)
WHY = Words(zh="因为", en="because")


def sell(rows: list[tuple[str, int, str, int]]) -> None:
    """Orders: (person's last digit, days ago, sku, yuan)."""
    now = time.now()
    frame = pl.DataFrame(
        [
            {
                "order_no": f"o{at}", "line_no": 1, "sku": sku, "product_name": sku.lower(), "quantity": 1,
                "unit_price": Decimal(yuan), "at": now - timedelta(days=ago), "phone": f"1380000{int(person):04d}",
            }
            for at, (person, ago, sku, yuan) in enumerate(rows)
        ],
        schema_overrides={"at": pl.Datetime("us", "UTC"), "unit_price": pl.Decimal(18, 6)},
    )  # fmt: skip
    import_orders(frame, source="门店", currency="CNY")
    stream.drain()
    while mirror():
        pass


def everyday() -> Installation:
    make_brand()
    return install(pack_of("everyday"), Asked(), by="owner")


def shown(installation: Installation, key: str, days: int = 30) -> Any:
    kpi = KpiGiven(metric=key, days=days, why=WHY, is_main=True)
    pack = pack_of(installation.pack).model_copy(update={"kpis": [kpi]})
    return board(installation, pack).shown[0]


def test_every_metric_of_every_pack_answers_on_an_empty_brand():
    make_brand()
    for pack in packs():
        found = board(install(pack, Asked(), by="owner"), pack)
        assert [one.metric.key for one in found.shown] == [kpi.metric for kpi in pack.kpis]
        assert all(one.is_empty and one.now.share is None and one.alarm == "" for one in found.shown)
        assert all(len(one.harm) == len(one.periods) for one in found.shown)


def test_repurchase_popularity_and_kept_on_count_people_by_period():
    installation = everyday()
    sell([
        ("1", 1, "LATTE", 20), ("1", 5, "LATTE", 20), ("2", 3, "LATTE", 20), ("3", 4, "MOCHA", 25),
        ("1", 40, "MOCHA", 25), ("4", 45, "LATTE", 20),
    ])  # fmt: skip

    repurchase = shown(installation, "repurchase")
    assert (repurchase.now.good, repurchase.now.of) == (1, 3)
    assert (repurchase.before.good, repurchase.before.of) == (0, 2)
    popularity = shown(installation, "popularity")
    assert (popularity.now.good, popularity.now.of) == (2, 3)
    assert [(one.sku, one.buyers, one.repeaters) for one in popularity.products] == [("LATTE", 2, 1), ("MOCHA", 1, 0)]
    kept = shown(installation, "kept-on")
    assert (kept.now.good, kept.now.of) == (1, 2)


def test_the_yearly_return_looks_a_year_back():
    installation = everyday()
    sell([("1", 370, "A", 1500), ("1", 10, "A", 1500), ("2", 372, "A", 1500), ("3", 5, "A", 1500)])

    found = shown(installation, "yearly-return")

    assert (found.now.good, found.now.of) == (1, 2)


def test_an_expected_share_alarms_only_far_from_it_and_with_enough_people():
    from homeground.playbooks.queries import Period
    from homeground.playbooks.queries.kpis import _alarm

    def period(good: int, of: int) -> Period:
        return Period(time.now().date(), time.now().date(), good, of)

    assert _alarm(period(100, 1000), 0.1) == ""
    assert _alarm(period(60, 1000), 0.1) == ""
    assert _alarm(period(40, 1000), 0.1) == "few"
    assert _alarm(period(300, 1000), 0.1) == "many"
    assert _alarm(period(0, 20), 0.1) == ""
    assert _alarm(period(5, 10), None) == ""


def test_no_metric_stands_without_its_harm():
    assert all(metric.harm in ("left", "complained", "returned") for metric in METRICS.values())


def test_orders_say_which_type_a_brand_is_with_the_evidence():
    make_brand()
    assert estimated() is None
    sell([(str(person), ago, "LATTE", 20) for person in range(8) for ago in (3, 10, 17, 24, 200)])

    found = estimated()

    assert found is not None
    assert (found.orders, found.buyers, found.median_minor) == (40, 8, 2000)
    assert found.answers == Answers("low", "short", "high")
    assert found.gap_days == 7
    assert found.cycle_days is None  # Nobody was known before the first order.
    assert proposed(found.answers, packs()).pack.slug == "everyday"


@pytest.mark.parametrize("price", ["low", "mid", "high"])
@pytest.mark.parametrize("cycle", ["short", "long"])
@pytest.mark.parametrize("frequency", ["low", "high"])
def test_every_answer_leads_to_exactly_one_type(price, cycle, frequency):
    answers = Answers(price, cycle, frequency)

    found = proposed(answers, packs())

    fit = found.pack.fit
    assert fit.buyer == "person"
    assert found.second != found.pack
    exact = (fit.price, fit.cycle, fit.frequency) == (price, cycle, frequency)
    assert exact == (found.misses == [])


@pytest.mark.parametrize(
    ("answers", "slug"),
    [
        (("high", "long", "low"), "big-decision"),
        (("high", "short", "low"), "urgent-expert"),
        (("high", "long", "high"), "daily-care"),
        (("mid", "short", "low"), "yearly-need"),
        (("mid", "long", "low"), "compare-trust"),
        (("low", "short", "high"), "everyday"),
        (("high", "long", "low", "business"), "business"),
        (("low", "long", "high"), "daily-care"),
        (("low", "short", "low"), "yearly-need"),
    ],
)
def test_the_six_types_are_those_of_the_method(answers, slug):
    assert proposed(Answers(*answers), packs()).pack.slug == slug


def test_only_who_can_be_written_to_counts_as_audience():
    make_brand()
    reached, absorbed, silent = (Customer.objects.create() for _number in range(3))
    Customer.objects.filter(pk=absorbed.pk).update(merged_into=reached)
    for one, kind in ((reached, "email"), (absorbed, "phone"), (silent, "device")):
        Identity.objects.create(customer=one, kind=kind, value=f"{kind}{one.pk}")

    assert figures().audience == 1


def test_suitability_is_as_good_as_its_weakest_part():
    pack = pack_of("everyday")
    well = Figures(audience=5000, staff=4, staff_minutes=25_000, newcomers=500)

    assert overall(verdicts(pack, well)) == "well"
    none_to_serve = Figures(audience=5000, staff=0, staff_minutes=0, newcomers=500)
    assert [one.level for one in verdicts(pack, none_to_serve)] == ["well", "not_yet", "well"]
    assert overall(verdicts(pack, none_to_serve)) == "not_yet"
    assert verdicts(pack, Figures(audience=0, staff=0, staff_minutes=0, newcomers=0))[1].figure == 0
