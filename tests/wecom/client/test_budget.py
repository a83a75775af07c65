"""The rate budget: never more calls in a window than the platform bears, whoever makes them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from homeground.core import time
from homeground.wecom.client import QuotaFull, WeComError, budget, connect, contacts, limits, moments
from homeground.wecom.client.limits import Limit
from homeground.wecom.client.moments import MomentSpec
from homeground.wecom.models import RateBudget
from tests.wecom.client.played import error

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
PATIENT, NOT_AT_ALL = timedelta(hours=2), timedelta(0)


@pytest.fixture
def clock(monkeypatch, db) -> list[datetime]:
    """The moment, to be moved by the test; sleeping moves it too."""
    at = [NOON]
    monkeypatch.setattr(time, "now", lambda: at[0])
    monkeypatch.setattr(budget, "sleep", lambda seconds: at.__setitem__(0, at[0] + timedelta(seconds=seconds)))
    budget.forget()
    return at


@pytest.fixture
def small(monkeypatch) -> Limit:
    limit = Limit(per_minute=5, per_hour=12)
    monkeypatch.setattr(limits, "BASE", limit)
    return limit


def test_a_full_minute_waits_for_the_next(clock, small):
    for _call in range(6):
        budget.take("externalcontact/get", PATIENT)

    assert clock[0] == NOON + timedelta(minutes=1)


def test_a_full_hour_waits_for_the_next(clock, small):
    for _call in range(13):
        budget.take("externalcontact/get", PATIENT)

    assert clock[0] == NOON + timedelta(hours=1)


def test_who_will_not_wait_is_refused_and_told_until_when(clock, small):
    for _call in range(5):
        budget.take("externalcontact/get", NOT_AT_ALL)

    with pytest.raises(QuotaFull) as refusal:
        budget.take("externalcontact/get", NOT_AT_ALL)

    assert refusal.value.until == NOON + timedelta(minutes=1)
    assert refusal.value.may_retry


def test_each_api_has_its_own(clock, small):
    for _call in range(5):
        budget.take("externalcontact/get", NOT_AT_ALL)

    budget.take("externalcontact/list", NOT_AT_ALL)


def test_calls_that_the_platform_does_not_count_are_free(clock, small):
    for _call in range(50):
        budget.take("auth/getuserinfo", NOT_AT_ALL)

    assert not RateBudget.objects.exists()


def test_most_calls_cost_no_statement(clock, django_assert_num_queries):
    budget.take("externalcontact/get", NOT_AT_ALL)
    with django_assert_num_queries(0):
        for _call in range(99):
            budget.take("externalcontact/get", NOT_AT_ALL)


def test_a_lease_ends_with_its_minute(clock, small, monkeypatch):
    monkeypatch.setattr(budget, "_LEASES_A_WINDOW", 1)
    budget.take("externalcontact/get", NOT_AT_ALL)  # Leases all 5.
    clock[0] += timedelta(minutes=1)
    for _call in range(5):
        budget.take("externalcontact/get", NOT_AT_ALL)

    with pytest.raises(QuotaFull):
        budget.take("externalcontact/get", NOT_AT_ALL)


def test_the_documented_limits_are_dated_and_the_tighter_ones_count():
    assert limits.of("externalcontact/get") == Limit(10_000, 150_000)
    assert limits.of("externalcontact/add_moment_task").per_minute == 10
    assert limits.of("gettoken") is None
    assert limits.DOCUMENT
    assert limits.READ_ON


def test_the_eleventh_moment_of_a_minute_waits(wecom, platform, waits):
    for number in range(11):
        moments.create(wecom, MomentSpec(f"第 {number} 条"))

    assert len(platform.calls("externalcontact/add_moment_task")) == 11
    assert 50 < sum(waits) <= 61


def test_the_platforms_own_refusal_blocks_the_api_for_its_minute_and_the_call_goes_on_after(wecom, platform, waits):
    platform.answers["externalcontact/list"] = [error(45009), {"external_userid": ["wm1"]}]

    assert contacts.ids(wecom, "zhangsan") == ["wm1"]
    assert 59 < sum(waits) <= 61


def test_refused_again_right_after_it_was_the_hours_rule(wecom, platform, waits):
    platform.answers["externalcontact/list"] = error(45009)

    with pytest.raises(QuotaFull) as refusal:
        contacts.ids(wecom, "zhangsan")

    assert refusal.value.until - time.now() > timedelta(minutes=50)
    assert len(platform.calls("externalcontact/list")) == 2


def test_blocked_for_one_process_is_blocked_for_all(wecom, platform):
    platform.answers["externalcontact/list"] = error(45009)
    impatient = connect(patience=NOT_AT_ALL)

    with pytest.raises(WeComError):
        contacts.ids(impatient, "zhangsan")
    budget.forget()  # What another process knows.
    with pytest.raises(QuotaFull):
        contacts.ids(impatient, "lisi")

    assert len(platform.calls("externalcontact/list")) == 1


@pytest.mark.django_db(transaction=True)
def test_threads_together_stay_within_what_one_would_count(monkeypatch):
    monkeypatch.setattr(limits, "BASE", Limit(per_minute=300, per_hour=100_000))
    monkeypatch.setattr(time, "now", lambda: NOON)
    budget.forget()

    def calls(_number: int) -> int:
        made = 0
        try:
            for _call in range(80):
                budget.take("externalcontact/get", NOT_AT_ALL)
                made += 1
        except QuotaFull:
            pass
        finally:
            connection.close()
        return made

    with ThreadPoolExecutor(8) as pool:
        made = sum(pool.map(calls, range(8)))

    assert made == 300 == RateBudget.objects.get().in_minute
