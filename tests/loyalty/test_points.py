from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from homeground.events.models import StreamEvent
from homeground.loyalty.errors import BadPoints, CauseAlreadyUsed, NoSuchPosting, NotEnoughPoints, TooMuchReversed
from homeground.loyalty.models import PointsEntry, PointsLot, PointsPosting
from homeground.loyalty.queries.points import balance_of, lines_of, soon_expiring, totals, untruths
from homeground.loyalty.services.expiring import expire_points
from homeground.loyalty.services.merging import settle_persons
from homeground.loyalty.services.points import Earning, earn_points, redeem_points, reverse_points
from homeground.people.errors import NoSuchCustomer
from homeground.people.services import merge, unmerge
from tests.loyalty.world import NOON, earn, make_customer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def left() -> list[int]:
    return list(PointsLot.objects.order_by("pk").values_list("remaining", flat=True))


def told() -> list[tuple[str, int]]:
    rows = StreamEvent.objects.filter(name__startswith="loyalty.").order_by("id")
    return [(row.name.removeprefix("loyalty.points_"), row.properties["points"]) for row in rows]


def postings() -> int:
    return PointsPosting.objects.count()


def test_points_are_earned_once_for_each_cause_and_told():
    one, other = make_customer(), make_customer()
    given = [Earning(one, 30, "order:1", "购物"), Earning(other, 5, "order:2"), Earning(one, 4, "order:3")]

    assert earn_points(given, at=NOON) == 3
    assert earn_points([*given, Earning(other, 6, "order:4")], at=NOON) == 1

    assert (balance_of(one), balance_of(other)) == (34, 11)
    assert sorted(told()) == [("earned", 4), ("earned", 5), ("earned", 6), ("earned", 30)]
    assert untruths() == []


def test_what_expires_first_is_spent_first_and_of_that_the_oldest():
    one = make_customer()
    for points, days in ((10, None), (20, 60), (30, 30), (40, 60)):
        earn(one, points, days=days)

    assert redeem_points(one, 65, "gift:1", reason="换杯子", at=NOON)

    assert left() == [10, 0, 0, 25]
    assert balance_of(one) == 35
    assert next((line.points, line.reason) for line in lines_of([one])) == (-65, "换杯子")
    assert told()[-1] == ("redeemed", 65)
    assert untruths() == []


@pytest.mark.parametrize(
    ("points", "cause", "refusal"),
    [(11, "gift:1", NotEnoughPoints), (0, "gift:1", BadPoints), (-1, "gift:1", BadPoints), (1, "", BadPoints)],
)
def test_a_redemption_that_cannot_be_changes_nothing(points, cause, refusal):
    one = make_customer()
    earn(one, 10)

    with pytest.raises(refusal):
        redeem_points(one, points, cause, at=NOON)

    assert (balance_of(one), left(), postings(), len(told())) == (10, [10], 1, 1)


def test_points_whose_time_is_over_cannot_be_spent_before_the_clock_takes_them():
    one = make_customer()
    earn(one, 10, days=1)

    with pytest.raises(NotEnoughPoints):
        redeem_points(one, 1, "gift:1", at=NOON + DAY)


def test_the_same_cause_again_is_harmless_and_with_other_content_refused():
    one, other = make_customer(), make_customer()
    earn(one, 10, "order:1")
    redeem_points(one, 4, "gift:1", at=NOON)

    assert not redeem_points(one, 4, "gift:1", at=NOON)
    for call in (
        lambda: earn(one, 11, "order:1"),
        lambda: earn(other, 10, "order:1"),
        lambda: redeem_points(one, 5, "gift:1", at=NOON),
        lambda: earn_points([Earning(one, 1, "x"), Earning(one, 2, "x")]),
    ):
        with pytest.raises(CauseAlreadyUsed):
            call()
    with pytest.raises(NoSuchCustomer):
        earn_points([Earning(one, 1, "order:9"), Earning(10**9, 1, "order:8")])

    assert (balance_of(one), postings()) == (6, 2)


def test_the_clock_takes_what_is_left_of_a_lot_once():
    one = make_customer()
    earn(one, 10, days=1)
    earn(one, 20, days=2)
    redeem_points(one, 3, "gift:1", at=NOON)
    assert [(soon.points, soon.expires_at) for soon in soon_expiring([one], NOON)] == [
        (7, NOON + DAY),
        (20, NOON + 2 * DAY),
    ]

    assert (expire_points(NOON + DAY), expire_points(NOON + DAY)) == (1, 0)

    assert (left(), balance_of(one), told()[-1]) == ([0, 20], 20, ("expired", 7))
    assert untruths() == []


def test_an_earning_that_was_spent_is_taken_back_below_zero_and_paid_by_what_comes():
    one = make_customer()
    cause = earn(one, 100)
    redeem_points(one, 100, "gift:1", at=NOON)

    assert reverse_points("earn", cause, "refund:1", reason="退款", at=NOON) == -100
    assert reverse_points("earn", cause, "refund:1", at=NOON) == 0
    assert balance_of(one) == -100

    earn(one, 130, days=1)
    assert (balance_of(one), left()) == (30, [0, 30])
    expire_points(NOON + DAY)
    assert balance_of(one) == 0
    assert told()[2] == ("reversed", -100)
    assert untruths() == []


def test_other_lots_pay_for_an_earning_that_is_taken_back():
    one = make_customer()
    cause = earn(one, 100, days=10)
    earn(one, 80, days=20)
    redeem_points(one, 100, "gift:1", at=NOON)

    reverse_points("earn", cause, "refund:1", points=30, at=NOON)

    assert (left(), balance_of(one)) == ([0, 50], 50)
    assert [line.kind for line in lines_of([one])] == ["reverse", "redeem", "earn", "earn"]


def test_what_was_redeemed_comes_back_to_its_lots_part_by_part_and_not_twice():
    one = make_customer()
    earn(one, 10, days=1)
    earn(one, 20, days=2)
    redeem_points(one, 25, "gift:1", at=NOON)

    assert reverse_points("redeem", "gift:1", "return:1", points=18, at=NOON) == 18
    assert left() == [3, 20]
    with pytest.raises(TooMuchReversed):
        reverse_points("redeem", "gift:1", "return:2", points=8, at=NOON)
    with pytest.raises(CauseAlreadyUsed):
        reverse_points("redeem", "gift:1", "return:1", points=7, at=NOON)
    with pytest.raises(NoSuchPosting):
        reverse_points("redeem", "gift:2", "return:2", at=NOON)
    assert reverse_points("redeem", "gift:1", "return:2", at=NOON) == 7
    with pytest.raises(TooMuchReversed):
        reverse_points("redeem", "gift:1", "return:3", at=NOON)

    assert (left(), balance_of(one)) == ([10, 20], 30)
    assert untruths() == []


def test_points_that_come_back_to_a_lot_whose_time_is_over_go_again():
    one = make_customer()
    earn(one, 10, days=1)
    redeem_points(one, 6, "gift:1", at=NOON)
    expire_points(NOON + DAY)
    reverse_points("redeem", "gift:1", "return:1", at=NOON + 2 * DAY)
    assert balance_of(one) == 6

    assert expire_points(NOON + 2 * DAY) == 1
    assert (balance_of(one), untruths()) == (0, [])


def test_a_merge_joins_the_balances_and_undone_gives_each_their_own():
    one, other = make_customer(), make_customer()
    earn(one, 10, "order:1")
    earn(other, 20, "order:2")
    row = merge(one, other, {"by": "boss"})

    assert (balance_of(one), balance_of(other)) == (30, 30)
    assert redeem_points(other, 15, "gift:1", at=NOON)
    assert not redeem_points(one, 15, "gift:1", at=NOON)
    assert earn_points([Earning(one, 20, "order:2")], at=NOON) == 0
    unmerge(row.pk, "boss")

    assert (balance_of(one), balance_of(other)) == (0, 15)
    assert untruths() == []


def test_after_a_merge_what_one_has_pays_for_what_the_other_owes():
    one, other = make_customer(), make_customer()
    earn(one, 50, days=1)
    cause = earn(other, 30)
    redeem_points(other, 30, "gift:1", at=NOON)
    reverse_points("earn", cause, "refund:1", at=NOON)
    merge(one, other, {})

    settle_persons([one], NOON)
    settle_persons([one], NOON)

    assert left() == [20, 0]
    expire_points(NOON + DAY)
    assert (balance_of(one), untruths()) == (0, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loyalty_pointsentry SET points = points + 1",
        "DELETE FROM loyalty_pointsentry",
        "UPDATE loyalty_pointsposting SET reason = 'x'",
        "DELETE FROM loyalty_pointsposting",
        "INSERT INTO loyalty_pointsentry (posting_id, account_id, lot_id, points)"
        " SELECT posting_id, account_id, lot_id, 1 FROM loyalty_pointsentry WHERE lot_id IS NOT NULL",
        "INSERT INTO loyalty_pointsposting (kind, cause, reason, by, at) SELECT kind, cause, '', '', at"
        " FROM loyalty_pointsposting",
        "UPDATE loyalty_pointslot SET remaining = points + 1",
    ],
)
def test_the_database_refuses_what_must_not_be(statement):
    earn(make_customer(), 10)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert PointsEntry.objects.count() == 2


def test_a_figure_that_does_not_agree_with_its_legs_is_found():
    one = make_customer()
    earn(one, 10)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE loyalty_pointsaccount SET balance = 11")
        cursor.execute("UPDATE loyalty_pointslot SET remaining = 9")

    assert {(found.what, found.kept, found.summed) for found in untruths()} == {
        ("account", 11, 10), ("lots", 11, 9), ("lot", 9, 10),
    }  # fmt: skip


def test_the_totals_add_up_to_what_is_outstanding():
    one, other = make_customer(), make_customer()
    cause = earn(one, 100, days=1)
    earn(other, 40)
    redeem_points(one, 70, "gift:1", at=NOON)
    reverse_points("earn", cause, "refund:1", points=60, at=NOON)
    expire_points(NOON + DAY)

    found = totals(NOON, NOON + 2 * DAY)

    assert (found.issued, found.redeemed, found.expired, found.reversed) == (140, 70, 0, -60)
    assert (found.outstanding, found.owed, found.holders) == (10, 30, 1)
    assert found.outstanding == found.issued - found.redeemed - found.expired + found.reversed
