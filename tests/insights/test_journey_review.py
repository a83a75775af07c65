"""What a journey caused: everybody from their own entry, open days left out, arms as drawn, variants compared."""

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError
from django.utils import translation

from homeground.events.catalog.commerce import OrderPaid
from homeground.events.catalog.people import ConsentWithdrawn
from homeground.events.services import record
from homeground.insights.errors import NothingToReview
from homeground.insights.models import Conclusion, JourneyReview
from homeground.insights.queries import journey_document, journey_telling, telling
from homeground.insights.queries.journey_reviews import tell_journey
from homeground.insights.review.findings import find
from homeground.insights.services import conclude_journey, review_journey, trials
from homeground.journeys.errors import CannotClose
from homeground.journeys.models import Arm, Campaign, Enrolment, Journey, Touch, Version
from homeground.people.models import Customer
from tests.journeys import world
from tests.journeys.world import LONG_AGO, NOON
from tests.support import drain

DAYS = 14
AFTER = NOON + timedelta(days=90)
ONE = [{"name": "只此一版", "share_bp": 10_000, "start": "hi"}]
TWO = [{"name": "短信", "share_bp": 5000, "start": "hi"}, {"name": "先聊再推", "share_bp": 5000, "start": "hi"}]


def make_journey(variants: list[dict[str, Any]] = ONE, **fields: Any) -> Journey:
    made = Journey.objects.create(
        **{"slug": "second", "name": "首单后复购", "link": "convert", "draft": {}, "holdout_bp": 5000}
        | {"window_days": DAYS, "hypothesis": "首单后一周聊一次，会再买"}
        | fields
    )
    version = Version.objects.create(
        journey=made, number=1, graph={"variants": variants}, is_promotion=False, published_at=LONG_AGO
    )
    Journey.objects.filter(pk=made.pk).update(live=version, state="live")
    made.refresh_from_db()
    return made


def enter(journey: Journey, customers: list[Customer], arm: str, day: float = 0, variant: str = "只此一版") -> None:
    assert journey.live
    Enrolment.objects.bulk_create(
        Enrolment(
            journey=journey,
            version=journey.live,
            customer=one,
            cause=f"{arm}:{one.pk}:{day}",
            arm=arm,
            variant=variant,
            entered_at=NOON + timedelta(days=day),
            arrived_at=NOON + timedelta(days=day),
            state="ended" if arm == Arm.TREATED else "held_out",
            ended_at=NOON + timedelta(days=day, hours=1) if arm == Arm.TREATED else None,
            ending="finished" if arm == Arm.TREATED else "",
        )
        for one in customers
    )


def people(count: int) -> list[Customer]:
    return Customer.objects.bulk_create(Customer(created_at=LONG_AGO) for _ in range(count))


def buy(one: Customer, day: float, amount: int = 1000) -> OrderPaid:
    no = f"{one.pk}:{day}:{amount}"
    when = NOON + timedelta(days=day)
    return OrderPaid(
        customer_id=one.pk, order_no=no, amount_minor=amount, currency="CNY", items=1, skus=["a"], cause=no,
        happened_at=when,
    )  # fmt: skip


def tell_now(*facts: Any) -> None:
    record(*facts)
    drain()


@pytest.fixture
def walked() -> tuple[Journey, list[Customer], list[Customer]]:
    """60 treated and 60 held out: half entered on day 0, half on day 20."""
    world.no_policy()
    journey, treated, held = make_journey(), people(60), people(60)
    for day, half in ((0, slice(0, 30)), (20, slice(30, 60))):
        enter(journey, treated[half], Arm.TREATED, day)
        enter(journey, held[half], Arm.HOLDOUT, day)
    return journey, treated, held


@pytest.mark.django_db(transaction=True)
def test_each_person_counts_from_the_own_entry_to_the_own_end(walked):
    _journey, treated, held = walked
    tell_now(
        *(buy(one, 3) for one in treated[:20]),  # In the days of those who entered on day 0.
        *(buy(one, 3) for one in treated[30:35]),  # Before their entry on day 20: history.
        buy(treated[36], 33),
        buy(treated[37], 35),  # 15 days after the entry.
        buy(treated[0], 5, 500),
        *(buy(one, 25) for one in held[30:33]),
    )

    review = review_journey("second", at=AFTER)

    control, arm = review.content["document"]["arms"]
    assert (control["n"], arm["n"]) == (60, 60)
    assert arm["outcomes"]["ordered"]["mean"] == pytest.approx(21 / 60)
    assert arm["outcomes"]["orders"]["mean"] == pytest.approx(22 / 60)
    assert arm["outcomes"]["net_spend"]["mean"] == pytest.approx(21_500 / 60)
    assert control["outcomes"]["ordered"]["mean"] == pytest.approx(3 / 60)
    assert review.verdict == "works"
    assert review.content["daily"][1][-1] == 21
    (history,) = [each for each in review.content["document"]["segments"] if each["column"] == "orders_before"]
    assert [level["n"] for level in history["levels"]] == [55, 5]


@pytest.mark.django_db(transaction=True)
def test_people_whose_days_are_not_over_are_counted_as_open_and_not_compared(walked):
    _journey, treated, _held = walked
    tell_now(buy(treated[0], 1), buy(treated[31], 20.5))

    told = tell_journey(review_journey("second", at=NOON + timedelta(days=21)))

    assert (told.entered, told.open) == (120, 60)
    assert told.findings.trial.sizes == [30, 30]
    assert told.findings.cells["ordered"][1].mean == pytest.approx(1 / 30)
    assert not told.review.is_final
    assert "还有 60 人没满" in journey_telling.counted(told)


@pytest.mark.django_db(transaction=True)
def test_the_effect_is_shown_by_week_of_entry(walked):
    _journey, treated, _held = walked
    tell_now(*(buy(one, 3) for one in treated[:20]))

    found = review_journey("second", at=AFTER).content["document"]["segments"]

    (waves,) = [each for each in found if each["column"] == "entered_on"]
    assert [(level["level"], level["n"]) for level in waves["levels"]] == [("2026-03-09", 30), ("2026-03-30", 30)]
    assert waves["levels"][0]["lift"] > 0.5 > abs(waves["levels"][1]["lift"])


@pytest.mark.django_db(transaction=True)
def test_only_the_first_entry_counts_and_whoever_was_in_two_arms_is_in_none(walked):
    journey, treated, held = walked
    enter(journey, treated[:5], Arm.TREATED, 40)
    enter(journey, held[-2:], Arm.TREATED, 41)
    tell_now(buy(treated[0], 45))

    found = review_journey("second", at=AFTER).content["document"]

    assert [arm["n"] for arm in found["arms"]] == [58, 60]
    assert found["arms"][1]["outcomes"]["ordered"]["mean"] == 0
    assert found["checks"]["several_arms"] == {"people": 2, "ok": False}


@pytest.mark.django_db(transaction=True)
def test_who_was_merged_is_one_person_with_what_both_did(walked):
    _journey, treated, _held = walked
    stranger = people(1)[0]
    tell_now(buy(stranger, 1), buy(treated[0], 2))
    Customer.objects.filter(pk__in=[stranger.pk, treated[1].pk]).update(merged_into=treated[0])

    found = review_journey("second", at=AFTER).content["document"]

    assert found["arms"][1]["n"] == 59
    assert found["arms"][1]["outcomes"]["orders"]["mean"] == pytest.approx(2 / 59)


@pytest.mark.django_db(transaction=True)
def test_the_executed_effect_and_the_cost_are_of_those_who_got_a_message(walked):
    journey, treated, _held = walked
    step = Campaign.objects.create(
        version=journey.live, node="hi", name="m", link="convert", offer="o", place="trade", channel="phone",
        message=world.make_message(), hypothesis="h", expected_lift_bp=0, touch_cost_minor=7, state="sending",
        audience_size=0, frozen_at=LONG_AGO,
    )  # fmt: skip
    for place, one in enumerate(treated[:30]):
        walk = Enrolment.objects.get(customer=one)
        state = "delivered" if place < 20 else "suppressed"
        Touch.objects.create(
            campaign=step, customer=one, enrolment=walk, step=1, channel="phone", is_promotion=True, state=state,
            reason="" if place < 20 else "frequency_cap", due_at=NOON, expires_at=AFTER, key=world.new_key(),
            sent_at=NOON + timedelta(hours=2),
        )  # fmt: skip
    tell_now(*(buy(one, 3) for one in treated[:30]))

    told = tell_journey(review_journey("second", at=AFTER))

    reached = journey_telling.executed(told)
    assert (reached.reached, reached.treated) == (20, 60)
    assert "150" in reached.lift  # 50 points of the assigned, on a third of them.
    assert telling.value(told).cost == 20 * 7
    ledger = journey_telling.steps(told)
    assert ledger[0].people - sum(step.people for step in ledger if step.is_loss) == ledger[-1].people == 20


@pytest.mark.django_db(transaction=True)
def test_harm_stands_beside_the_gain(walked):
    _journey, treated, _held = walked
    when = NOON + timedelta(days=2)
    leavers = treated[:15]
    tell_now(*(ConsentWithdrawn(customer_id=o.pk, purpose="promotion", channel="*", happened_at=when) for o in leavers))

    told = tell_journey(review_journey("second", at=AFTER))

    assert told.content["document"]["verdict"]["opted_out"] == "harms"
    assert telling.harms(told)
    assert any("降低频次" in line for line in journey_telling.proposals(told))


@pytest.mark.django_db(transaction=True)
def test_variants_are_compared_with_each_other(walked):
    journey = make_journey(TWO, slug="tried", holdout_bp=0)
    first, second = people(80), people(80)
    enter(journey, first, Arm.TREATED, 0, "短信")
    enter(journey, second, Arm.TREATED, 0, "先聊再推")
    held = people(160)
    Journey.objects.filter(pk=journey.pk).update(holdout_bp=5000)
    enter(journey, held, Arm.HOLDOUT, 0, "短信")
    tell_now(*(buy(one, 1) for one in second[:40]), *(buy(one, 1) for one in first[:10]))

    told = tell_journey(review_journey("tried", at=AFTER))

    assert told.tried.trial.arms == ["短信", "先聊再推"]
    assert told.tried.trial.sizes == [80, 80]
    assert told.tried.verdict["ordered"] == "works"
    assert any("先聊再推" in line and "胜过" in line for line in journey_telling.proposals(told))
    with translation.override("en"):
        assert journey_document(told.review)["variants"]["arms"][1]["name"] == "先聊再推"


@pytest.mark.django_db(transaction=True)
def test_the_same_result_is_kept_once_and_a_later_one_as_the_next_version(walked):
    first, again = review_journey("second", at=AFTER), review_journey("second", at=AFTER)
    tell_now(buy(walked[1][0], 1))

    later = review_journey("second", at=AFTER, by="ana")

    assert first.pk == again.pk
    assert (later.version, later.made_by) == (2, "ana")
    assert JourneyReview.objects.count() == 2


@pytest.mark.django_db
def test_too_early_there_is_nothing_to_review():
    world.no_policy()
    journey = make_journey()
    with pytest.raises(NothingToReview, match="还没有人进入"):
        review_journey("second", at=NOON)
    enter(journey, people(3), Arm.TREATED)
    with pytest.raises(NothingToReview, match="2026-03-24"):
        review_journey("second", at=NOON + timedelta(days=3))
    with pytest.raises(NothingToReview, match="没有标识"):
        review_journey("nowhere")

    assert not JourneyReview.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_a_holdout_nothing_can_be_known():
    world.no_policy()
    enter(make_journey(holdout_bp=0), people(10), Arm.TREATED)

    told = tell_journey(review_journey("second", at=AFTER))

    assert told.review.verdict == JourneyReview.Verdict.NO_CONTROL
    assert "没有对照组" in journey_telling.headline(told)
    assert journey_telling.proposals(told)


def test_of_journeys_without_an_effect_few_are_said_to_have_one():
    """A/A: orders and money by the same law in both arms; the chance of a verdict is that of the test."""
    rng, said = np.random.default_rng(7), []
    design = trials.Design(3000, 0, "ordered")
    for _ in range(300):
        found = find(trials.trial(design, _made(rng, 800, 0.0), trials.Sides("holdout", (3000, 7000)), "CNY"))
        said.append(found.verdict["ordered"])

    assert set(said) <= {"works", "harms", "not shown"}
    assert 0.91 < said.count("not shown") / len(said) < 0.99


def test_a_known_effect_is_found_within_its_interval_about_as_often_as_promised():
    rng, covered, works = np.random.default_rng(11), 0, 0
    design = trials.Design(3000, 0, "ordered")
    for _ in range(200):
        found = find(trials.trial(design, _made(rng, 2000, 0.08), trials.Sides("holdout", (3000, 7000)), "CNY"))
        effect = found.cells["ordered"][1].effect
        covered += effect.ci_low <= 0.08 <= effect.ci_high
        works += found.verdict["ordered"] == "works"

    assert 0.90 < covered / 200 < 0.99
    assert works / 200 > 0.8


def _made(rng: np.random.Generator, size: int, lift: float) -> pl.DataFrame:
    is_treated = np.arange(size) < 0.7 * size
    before = rng.poisson(0.8, size)
    ordered = (rng.random(size) < 0.15 + 0.05 * (before > 0) + lift * is_treated).astype(float)
    return pl.DataFrame(
        {
            "person": np.arange(size),
            "arms": np.ones(size, int),
            "arm": np.where(is_treated, "treated", "holdout"),
            "relation": rng.choice(["none", "one_way"], size),
            "orders": ordered,
            "net_spend": ordered * rng.gamma(2, 500, size),
            "orders_before": before.astype(float),
            "net_spend_before": before * 900.0,
            "opted_out": (rng.random(size) < 0.02).astype(float),
            "refused": np.zeros(size),
            "ordered": ordered,
        }
    )


@pytest.mark.django_db(transaction=True)
def test_a_reading_is_concluded_once_with_reasons_and_a_next_step(walked):
    review = review_journey("second", at=AFTER)
    with pytest.raises(CannotClose):
        conclude_journey(review.pk, explanation=" ", next_action="再看", by="ana")
    assert not Conclusion.objects.exists()

    made = conclude_journey(review.pk, explanation="因为聊过", next_action="继续", by="ana", at=AFTER)
    again = conclude_journey(review.pk, explanation="因为聊过", next_action="继续", by="bo")

    assert made.pk == again.pk
    with pytest.raises(CannotClose):
        conclude_journey(review.pk, explanation="别的", next_action="继续", by="bo")
    with pytest.raises(IntegrityError):
        Conclusion.objects.filter(pk=made.pk).update(explanation="")


def _login(client: Any, *permissions: str) -> None:
    user = User.objects.create_user(f"u{len(permissions)}")
    for name in permissions:
        room, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=room, codename=codename))
    client.force_login(user)


@pytest.mark.django_db(transaction=True)
def test_a_stranger_may_neither_look_nor_make_nor_conclude(walked, client):
    review = review_journey("second", at=AFTER)
    _login(client)
    assert client.get("/reviews/journeys/").status_code == 403
    assert client.get("/reviews/journeys/second").status_code == 403
    _login(client, "insights.view_review")
    assert client.get("/reviews/journeys/second").status_code == 200
    assert client.post("/reviews/journeys/second/make").status_code == 403
    answer = client.post("/reviews/journeys/second/conclude", {"explanation": "x", "next_action": "y"})
    assert answer.status_code == 403
    assert JourneyReview.objects.get() == review
    assert not Conclusion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_page_says_the_verdict_the_open_days_and_takes_a_conclusion(walked, client):
    tell_now(*(buy(one, 3) for one in walked[1][:20]))
    _login(client, "insights.view_review", "insights.make_review", "journeys.close_campaign")

    assert "还没有复盘" in client.get("/reviews/journeys/second").content.decode()
    client.post("/reviews/journeys/second/make")
    page = client.get("/reviews/journeys/second").content.decode()
    assert "有效" in page
    assert "进入旅程的时间" in page
    refused = client.post("/reviews/journeys/second/conclude", {"explanation": "x", "next_action": " "})
    assert refused.status_code == 422
    client.post("/reviews/journeys/second/conclude", {"explanation": "聊过才买", "next_action": "放量"})
    assert "聊过才买" in client.get("/reviews/journeys/second").content.decode()
    assert "首单后复购" in client.get("/reviews/journeys/").content.decode()
    assert client.get("/reviews/journeys/none").status_code == 404
