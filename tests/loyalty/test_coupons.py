from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from homeground.core.errors import BusinessError
from homeground.events.models import StreamEvent
from homeground.loyalty.errors import BadCouponKind, CannotGrant, CannotUse, CauseAlreadyUsed, NoSuchCoupon
from homeground.loyalty.models import Coupon, CouponKind
from homeground.loyalty.queries.coupons import fares_of, verdict_for
from homeground.loyalty.services.coupons import Granting, grant_coupon, grant_coupons, revoke_coupon, use_coupon
from homeground.loyalty.services.expiring import expire_coupons
from homeground.loyalty.services.kinds import archive_kind, restore_kind, save_kind
from homeground.people.services import merge
from tests.loyalty.world import NOON, make_customer, make_kind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told() -> list[str]:
    rows = StreamEvent.objects.filter(name__startswith="loyalty.").order_by("id")
    return [row.name.removeprefix("loyalty.coupon_") for row in rows]


def test_a_batch_is_given_once_within_limit_and_stock_and_the_refused_stop_nobody():
    kind = make_kind(stock=3, per_customer=2)
    one, other, third = make_customer(), make_customer(), make_customer()
    given = [Granting(one, "a"), Granting(one, "b"), Granting(one, "c"), Granting(other, "d"), Granting(third, "e")]

    said = grant_coupons(kind.pk, [*given, Granting(10**9, "f")], NOON)
    again = grant_coupons(kind.pk, given[:4], NOON)

    assert said == {
        "a": "granted",
        "b": "granted",
        "c": "at_limit",
        "d": "granted",
        "e": "no_stock",
        "f": "no_customer",
    }
    assert again == {"a": "known", "b": "known", "c": "no_stock", "d": "known"}
    assert CouponKind.objects.get().granted == Coupon.objects.count() == 3
    assert len(set(Coupon.objects.values_list("code", flat=True))) == 3
    assert told() == ["granted"] * 3


def test_the_limit_is_of_a_person_whatever_id_they_came_by():
    kind = make_kind()
    one, other = make_customer(), make_customer()
    grant_coupons(kind.pk, [Granting(one, "a")], NOON)
    merge(other, one, {})

    assert verdict_for(kind, other, NOON) == "at_limit"
    assert grant_coupons(kind.pk, [Granting(other, "b"), Granting(other, "a")], NOON) == {"b": "at_limit", "a": "known"}


def test_a_coupon_is_good_to_the_end_of_its_last_day_in_the_brands_zone():
    days = grant_coupon(make_kind(valid_days=7).pk, make_customer(), "a", NOON)
    dates = make_kind(valid_days=None, starts_on=date(2026, 3, 5), ends_on=date(2026, 3, 6))
    dated = grant_coupon(dates.pk, make_customer(), "a", NOON)

    assert (days.valid_from, days.expires_at) == (NOON, datetime(2026, 3, 9, 16, tzinfo=UTC))
    assert (dated.valid_from, dated.expires_at) == (
        datetime(2026, 3, 4, 16, tzinfo=UTC), datetime(2026, 3, 6, 16, tzinfo=UTC),
    )  # fmt: skip
    with pytest.raises(CannotUse):
        use_coupon(dated.code, "o-1", 20_000, dated.valid_from - DAY)
    assert grant_coupons(dates.pk, [Granting(make_customer(), "b")], dated.expires_at) == {"b": "over"}


@pytest.mark.parametrize(
    ("fields", "amount", "off"),
    [
        ({}, 10_000, 2000),
        ({"threshold_minor": 0}, 1500, 1500),
        ({"form": "percent", "amount_minor": None, "pay_bp": 8500}, 10_001, 1500),
        ({"form": "gift", "amount_minor": None, "gift": "帆布袋", "threshold_minor": 0}, 0, 0),
    ],
)
def test_a_coupon_is_used_once_and_the_same_order_again_gives_the_first_use(fields, amount, off):
    kind, one = make_kind(**fields), make_customer()
    coupon = grant_coupon(kind.pk, one, "a", NOON)

    first = use_coupon(coupon.code, "o-1", amount, NOON)
    again = use_coupon(coupon.code, "o-1", amount, NOON + DAY)

    assert (first.off_minor, again.used_at, again.off_minor) == (off, NOON, off)
    with pytest.raises(CannotUse, match="o-1"):
        use_coupon(coupon.code, "o-2", amount, NOON)
    assert told() == ["granted", "used"]
    assert StreamEvent.objects.get(name="loyalty.coupon_used").properties == {
        "coupon_kind_id": kind.pk, "coupon": kind.name, "order_no": "o-1", "off_minor": off,
    }  # fmt: skip


def test_a_use_that_cannot_be_changes_nothing():
    kind, one = make_kind(valid_days=1), make_customer()
    coupon = grant_coupon(kind.pk, one, "a", NOON)

    for code, order, amount, at, refusal in (
        ("no-such-code", "o-1", 20_000, NOON, NoSuchCoupon),
        (coupon.code, "o-1", 9999, NOON, CannotUse),
        (coupon.code, "", 20_000, NOON, CannotUse),
        (coupon.code, "o-1", 20_000, coupon.expires_at, CannotUse),
    ):
        with pytest.raises(refusal):
            use_coupon(code, order, amount, at)

    assert Coupon.objects.get().state == "granted"


def test_the_clock_ends_coupons_and_a_revoked_one_is_good_no_more():
    kind = make_kind(valid_days=1, per_customer=None)
    one, other = make_customer(), make_customer()
    first, second, third = (
        grant_coupon(kind.pk, who, cause, NOON) for who, cause in ((one, "a"), (other, "b"), (one, "c"))
    )
    revoke_coupon(second.pk, "发错了", "boss", NOON)
    revoke_coupon(second.pk, "发错了", "boss", NOON)
    use_coupon(third.code, "o-1", 20_000, NOON)

    assert (expire_coupons(first.expires_at), expire_coupons(first.expires_at)) == (1, 0)

    fares = fares_of([kind.pk])[kind.pk]
    assert (fares.granted, fares.used, fares.expired, fares.revoked, fares.open) == (3, 1, 1, 1, 0)
    with pytest.raises(CannotUse, match="发错了"):
        use_coupon(second.code, "o-2", 20_000, NOON)
    with pytest.raises(CannotUse):
        revoke_coupon(third.pk, "x", "boss", NOON)
    assert Counter(told()) == {"granted": 3, "revoked": 1, "used": 1, "expired": 1}


def test_an_archived_kind_gives_no_more_and_a_cause_belongs_to_one_person():
    kind, one, other = make_kind(), make_customer(), make_customer()
    grant_coupon(kind.pk, one, "a", NOON)
    archive_kind(kind.pk)

    with pytest.raises(CannotGrant):
        grant_coupon(kind.pk, other, "b", NOON)
    assert grant_coupon(kind.pk, one, "a", NOON).customer_id == one
    restore_kind(kind.pk)
    with pytest.raises(CauseAlreadyUsed):
        grant_coupon(kind.pk, other, "a", NOON)
    grant_coupon(kind.pk, other, "b", NOON)

    assert Coupon.objects.count() == 2


def test_what_was_promised_stays():
    kind = make_kind("新人券", stock=5)
    grant_coupon(kind.pk, make_customer(), "a", NOON)
    make_kind("生日券")

    for fields in ({"amount_minor": 1000}, {"stock": 0}, {"name": "生日券"}, {"valid_days": 0}):
        with pytest.raises(BadCouponKind):
            save_kind(kind.pk, fields)
    assert save_kind(kind.pk, {"stock": 9, "valid_days": 60}).stock == 9


@pytest.mark.parametrize(
    "change",
    [
        "kind SET stock = 1, granted = 2",
        "kind SET pay_bp = 5000",
        "kind SET ends_on = '2026-01-01'",
        " SET state = 'used'",
        " SET order_no = 'o-1'",
        " SET state = 'revoked'",
    ],
)
def test_the_database_refuses_what_must_not_be(change):
    grant_coupon(make_kind().pk, make_customer(), "a", NOON)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE loyalty_coupon{change}")


@pytest.mark.django_db(transaction=True)
def test_eight_threads_oversell_nothing_and_use_each_coupon_once():
    kind, people = make_kind(stock=20, per_customer=3), [make_customer() for _person in range(10)]

    def work(thread: int) -> list[str]:
        try:
            for turn in range(6):
                some = [people[(thread + turn + step) % 10] for step in range(3)]
                grant_coupons(kind.pk, [Granting(one, f"{thread}:{turn}:{one}") for one in some], NOON)
            used = []
            for code in Coupon.objects.order_by("pk").values_list("code", flat=True):
                with suppress(BusinessError):
                    used.append(use_coupon(code, f"o-{thread}-{code}", 20_000, NOON).code)
            return used
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        used = [code for codes in threads.map(work, range(8)) for code in codes]

    held = Counter(Coupon.objects.values_list("customer_id", flat=True))
    assert CouponKind.objects.get().granted == Coupon.objects.count() == len(used) == len(set(used)) == 20
    assert max(held.values()) <= 3
