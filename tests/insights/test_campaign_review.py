"""What a campaign caused: real stores, orders on the stream, and every figure that the page will show."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from homeground.events.catalog.channels import MessageRefused
from homeground.events.catalog.commerce import OrderPaid, OrderRefunded
from homeground.events.catalog.people import ConsentWithdrawn
from homeground.events.services import record
from homeground.insights.errors import NothingToReview
from homeground.insights.models import Review
from homeground.insights.queries import telling
from homeground.insights.queries.people import people
from homeground.insights.queries.reviews import days, earlier, tell
from homeground.insights.services import review_campaign
from homeground.journeys.models import Arm, Participant, Touch
from homeground.people.models import Customer
from tests.journeys import world
from tests.journeys.world import NOON
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = NOON + timedelta(days=60)


@pytest.fixture
def campaign(monkeypatch):
    world.no_policy()
    world.make_channel(unit_cost_minor=5)
    customers = [world.make_customer() for _ in range(120)]
    return world.frozen(monkeypatch, customers, holdout_bp=5000, window_days=14)


def in_arm(campaign, arm: str) -> list[int]:
    return list(
        Participant.objects.filter(campaign=campaign, arm=arm).order_by("customer").values_list("customer", flat=True)
    )


def buy(customer_id: int, days: float, amount: int = 1000, currency: str = "CNY") -> OrderPaid:
    no = f"{customer_id}:{days}"
    return OrderPaid(
        customer_id=customer_id,
        order_no=no,
        amount_minor=amount,
        currency=currency,
        items=1,
        skus=["a"],
        cause=no,
        happened_at=NOON + timedelta(days=days),
    )


def withdrawal(customer_id: int, when: datetime, purpose: str = "promotion") -> ConsentWithdrawn:
    return ConsentWithdrawn(customer_id=customer_id, purpose=purpose, channel="*", happened_at=when)


def tell_now(*facts) -> None:
    record(*facts)
    drain()


def test_orders_from_the_freeze_to_the_windows_end_count_and_no_others(campaign):
    treated, held = in_arm(campaign, Arm.TREATED), in_arm(campaign, Arm.HOLDOUT)
    tell_now(
        *(buy(one, 3) for one in treated[:30]),
        buy(treated[0], 5, 500),
        buy(treated[31], 15),
        buy(treated[32], -1),
        buy(treated[33], 2, currency="USD"),
        *(buy(one, 4) for one in held[:3]),
        OrderRefunded(
            customer_id=treated[0],
            refund_no="r",
            amount_minor=200,
            currency="CNY",
            skus=[],
            happened_at=NOON + timedelta(days=6),
        ),
    )

    review = review_campaign(campaign.pk, at=AFTER)

    (control, arm) = review.content["document"]["arms"]
    assert (control["n"], arm["n"]) == (len(held), len(treated))
    assert arm["outcomes"]["ordered"]["mean"] == pytest.approx(31 / len(treated))
    assert arm["outcomes"]["orders"]["mean"] == pytest.approx(32 / len(treated))
    assert arm["outcomes"]["net_spend"]["mean"] == pytest.approx((30 * 1000 + 500 - 200) / len(treated))
    assert control["outcomes"]["ordered"]["mean"] == pytest.approx(3 / len(held))
    assert review.verdict == "works"
    assert review.is_final
    assert review.as_of == NOON + timedelta(days=14)
    assert review.content["document"]["checks"]["sample_ratio"]["ok"]


def test_without_an_effect_the_review_says_plainly_that_none_is_shown_and_why(campaign):
    treated, held = in_arm(campaign, Arm.TREATED), in_arm(campaign, Arm.HOLDOUT)
    tell_now(*(buy(one, 1) for one in [*treated[:7], *held[:7]]))

    told = tell(review_campaign(campaign.pk, at=AFTER))

    assert told.review.verdict == "not shown"
    assert "不足以说明有效" in telling.headline(told)
    assert "看不出来" in telling.why_not_shown(told)[0]
    assert "未能检验" in telling.hypothesis(told)
    assert any("约需受众" in line for line in telling.proposals(told))
    with translation.override("en"):
        assert telling.headline(tell(told.review))


def test_harm_is_measured_in_both_arms(campaign):
    treated = in_arm(campaign, Arm.TREATED)
    when = NOON + timedelta(days=2)
    tell_now(
        *(
            ConsentWithdrawn(customer_id=one, purpose="promotion", channel="*", happened_at=when)
            for one in treated[:20]
        ),
        ConsentWithdrawn(customer_id=treated[21], purpose="service", channel="*", happened_at=when),
        MessageRefused(customer_id=treated[22], touch_id=1, channel="phone", reason="blocked", happened_at=when),
    )

    found = review_campaign(campaign.pk, at=AFTER).content["document"]

    assert found["arms"][1]["outcomes"]["opted_out"]["mean"] == pytest.approx(20 / len(treated))
    assert found["arms"][1]["outcomes"]["refused"]["mean"] == pytest.approx(1 / len(treated))
    assert found["verdict"]["opted_out"] == "harms"


def test_history_narrows_the_interval_and_splits_are_of_before(campaign):
    everyone = in_arm(campaign, Arm.TREATED) + in_arm(campaign, Arm.HOLDOUT)
    tell_now(
        *(buy(one, -30, 100 * (place % 40)) for place, one in enumerate(everyone) if place % 2),
        *(buy(one, 1, 100 * (place % 40)) for place, one in enumerate(everyone)),
    )

    found = review_campaign(campaign.pk, at=AFTER).content["document"]

    assert found["adjusted"]["net_spend"]["variance_reduction"] > 0.2
    history = next(split for split in found["segments"] if split["column"] == "orders_before")
    assert [(level["level"], level["n"] + level["control_n"]) for level in history["levels"]] == [("0", 60), ("1", 60)]


def test_a_merge_after_the_freeze_joins_what_both_did_and_counts_a_person_once(campaign):
    one, other = in_arm(campaign, Arm.TREATED)[:2]
    stranger = Customer.objects.create()
    tell_now(buy(stranger.pk, 1), buy(one, 2))
    Customer.objects.filter(pk__in=[stranger.pk, other]).update(merged_into=one)

    rows = people(campaign, AFTER, "CNY")

    assert rows.height == 119
    assert rows.filter(person=one)["orders"].item() == 2
    assert rows.filter(person=one)["first_day"].item() == 1


def test_a_person_in_both_arms_is_in_neither(campaign):
    one, other = in_arm(campaign, Arm.TREATED)[0], in_arm(campaign, Arm.HOLDOUT)[0]
    Customer.objects.filter(pk=other).update(merged_into=one)

    found = review_campaign(campaign.pk, at=AFTER).content["document"]

    assert found["checks"]["several_arms"] == {"people": 1, "ok": False}
    assert sum(arm["n"] for arm in found["arms"]) == 118


def test_the_same_result_is_kept_once_and_a_new_one_as_the_next_version(campaign):
    first, again = review_campaign(campaign.pk, at=AFTER), review_campaign(campaign.pk, at=AFTER)
    tell_now(buy(in_arm(campaign, Arm.TREATED)[0], 1))

    later = review_campaign(campaign.pk, at=AFTER, by="ana")

    assert first.pk == again.pk
    assert (later.version, later.made_by) == (2, "ana")
    assert Review.objects.count() == 2


def test_a_review_before_the_windows_end_says_so(campaign):
    tell_now(buy(in_arm(campaign, Arm.TREATED)[0], 1))

    review = review_campaign(campaign.pk, at=NOON + timedelta(days=2, hours=1))

    assert not review.is_final
    assert "第 3 天" in telling.headline(tell(review))
    assert len(days(tell(review))) == 3


def test_a_draft_cannot_be_reviewed(campaign):
    with pytest.raises(NothingToReview):
        review_campaign(world.make_draft().pk, at=AFTER)

    assert not Review.objects.exists()


def test_without_any_control_the_review_says_that_nothing_can_be_known(monkeypatch):
    world.no_policy()
    world.make_channel()
    lone = world.frozen(monkeypatch, [world.make_customer() for _ in range(5)], holdout_bp=0)

    told = tell(review_campaign(lone.pk, at=AFTER))

    assert told.review.verdict == Review.Verdict.NO_CONTROL
    assert "没有对照组" in telling.headline(told)
    assert telling.proposals(told)
    assert telling.value(told).gain is None


def test_the_global_holdout_is_counted_but_compared_only_when_there_is_no_other(monkeypatch):
    world.no_policy()
    world.make_channel()
    world.make_global_holdout(3000)
    customers = [world.make_customer() for _ in range(100)]
    message = world.make_message(is_promotion=True)

    both = world.frozen(monkeypatch, customers, holdout_bp=5000, message=message)
    alone = world.frozen(monkeypatch, customers, holdout_bp=0, message=message)

    assert review_campaign(both.pk, at=AFTER).content["document"]["control"] == "holdout"
    assert review_campaign(alone.pk, at=AFTER).content["document"]["control"] == "global_holdout"


def test_the_ledger_of_people_adds_up(campaign):
    told = tell(review_campaign(campaign.pk, at=AFTER))

    audience, *rest = telling.steps(told)
    reached = next(step for step in rest if not step.is_loss)
    assert audience.people == 120
    assert audience.people - sum(step.people for step in rest if step.is_loss) == reached.people


def test_what_staff_have_not_confirmed_has_reached_nobody(campaign):
    """The executed effect is of those who got it: assigned is not sent, and what expires is a loss with its name."""
    pks = list(Touch.objects.filter(campaign=campaign).order_by("pk").values_list("pk", flat=True))
    given = Touch.objects.filter(campaign=campaign)
    given.update(key=world.new_key(), sent_at=NOON, state="assigned")
    given.filter(pk__in=pks[:12]).update(state="delivered", delivered_at=NOON)
    given.filter(pk__in=pks[12:40]).update(state="suppressed", reason="not_confirmed", sent_at=None)

    told = tell(review_campaign(campaign.pk, at=AFTER))

    executed = telling.executed(told)
    assert (executed.reached, executed.treated) == (12, len(pks))
    assert told.content["sent"]["received"]["sent"] == 12
    losses = {step.label: step.people for step in telling.steps(told) if step.is_loss}
    assert (losses["待员工确认"], losses["已排除 · 员工一直没有确认"]) == (len(pks) - 40, 28)
    assert any("员工一直没有确认" in line for line in telling.proposals(told))


def test_earlier_campaigns_of_the_link_stand_beside(campaign, monkeypatch):
    before = world.frozen(
        monkeypatch, [world.make_customer() for _ in range(30)], at=NOON - timedelta(days=40), holdout_bp=5000
    )
    review_campaign(before.pk, at=AFTER)

    (row,) = earlier(campaign)

    assert row.campaign == before
    assert row.code == "not shown"


def test_days_since_the_freeze_add_up_to_the_result(campaign):
    treated = in_arm(campaign, Arm.TREATED)
    tell_now(
        buy(treated[0], 0.5),
        buy(treated[1], 1.5),
        buy(treated[1], 9),
        buy(treated[2], 13.9),
        buy(treated[3], -9),
        withdrawal(treated[4], NOON + timedelta(days=1)),
    )

    told = tell(review_campaign(campaign.pk, at=AFTER))

    shares = [round(day.treated * len(treated)) for day in days(told)]
    assert shares == [1, *[2] * 12, 3]
