"""The platform's quota of mass messages, against a plain reading of its rule; and whom WeCom reaches at all."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.journeys import queries, services
from homeground.journeys.errors import BadPolicy
from homeground.journeys.models import PlatformQuota, Touch
from homeground.people.models import Customer
from homeground.wecom.models import ExternalContact, Follow, MassSend, MassSendRecipient, Staff
from tests.journeys import world
from tests.journeys.test_guard import was_sent, why
from tests.journeys.world import NOON

SHANGHAI = ZoneInfo("Asia/Shanghai")
MODES = ["per_month_days", "7_per_week", "1_per_day"]


def make_quota(mode="1_per_day", **more):
    fields = {"valid_from": world.LONG_AGO, "source": "92135", "set_by": "test", "channel_kind": "wecom_mass"}
    return PlatformQuota.objects.create(mode=mode, **fields | more)


def make_friend(customer=None, *, is_active=True, ended=False, **fields):
    """A customer whom WeCom reaches by a member, unless said otherwise."""
    customer = customer or world.make_customer(phone=False, **fields)
    number = ExternalContact.objects.count()
    contact = ExternalContact.objects.create(external_userid=f"wm{number}", customer=customer)
    staff, _made = Staff.objects.get_or_create(userid=f"s{int(is_active)}", defaults={"is_active": is_active})
    end = {"ended_at": NOON, "ending": "by_customer"} if ended else {}
    Follow.objects.create(staff=staff, contact=contact, began_at=world.LONG_AGO, seen_at=NOON, **end)
    return customer


def got(customer, status=1, at=NOON, state="done", is_personal=False):
    """A mass message that this customer got, or may still get."""
    send = MassSend.objects.create(
        key=str(world.new_key()), msgid=str(world.new_key()), state=state, is_personal=is_personal, content={},
        asked_at=at, expires_at=at + timedelta(days=14),
    )  # fmt: skip
    external = ExternalContact.objects.filter(customer=customer).values_list("external_userid", flat=True)[0]
    MassSendRecipient.objects.create(
        mass_send=send, recipient=external, status=status, sent_at=at if status == 1 else None
    )


@pytest.fixture
def wecom(calm):
    """The channels of WeCom, and messages for them."""
    world.make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"])
    world.make_channel("moments", "wecom_moments", address_kinds=["wecom_external"])


def judged(monkeypatch, customer, at=NOON, channel="wecom", is_promotion=True):
    kind = {"wecom": "wecom_mass", "moments": "wecom_moments"}[channel]
    message = world.make_message(channel_kind=kind, body="上新了", is_promotion=is_promotion)
    return why(monkeypatch, customer, at=at, channel=channel, message=message)


@dataclass(frozen=True)
class Got:
    """One mass message of a person: when, what became of it, and how its send stands."""

    hours_ago: float
    status: int
    state: str


_got = st.lists(
    st.builds(
        Got,
        hours_ago=st.sampled_from([0.5, 3, 11, 13, 26, 40, 70, 130, 200, 220, 300, 700]),
        status=st.sampled_from([-1, 0, 1, 1, 1, 2, 3]),
        state=st.sampled_from(["placed", "done", "cancelled", "unknown", "failed"]),
    ),
    max_size=9,
)


def plainly_full(mode, received, at):
    """The rule read off one message at a time."""
    local = at.astimezone(SHANGHAI).date()

    def is_in_period(moment):
        day = moment.astimezone(SHANGHAI).date()
        if mode == "1_per_day":
            return day == local
        if mode == "7_per_week":
            return day.isocalendar()[:2] == local.isocalendar()[:2]
        return (day.year, day.month) == (local.year, local.month)

    most = {"1_per_day": 1, "7_per_week": 7, "per_month_days": monthrange(local.year, local.month)[1]}[mode]
    count = sum(
        (one.status == 1 and is_in_period(at - timedelta(hours=one.hours_ago)))
        or (one.status == 0 and one.state in ("placed", "unknown"))
        for one in received
    )
    return count >= most


@pytest.mark.django_db
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    mode=st.sampled_from(MODES),
    everyone=st.lists(_got, min_size=1, max_size=5),
    at=st.sampled_from([NOON, datetime(2026, 2, 28, 17, tzinfo=UTC), datetime(2026, 3, 1, 15, 30, tzinfo=UTC)]),
    repeats=st.sampled_from([1, 4]),
)
def test_who_is_full_is_who_a_plain_reading_calls_full(db, mode, everyone, at, repeats):
    world.no_policy()
    PlatformQuota.objects.all().delete()
    world.make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"])
    make_quota(mode)
    people = {make_friend().pk: received * repeats for received in everyone}
    for pk, received in people.items():
        for one in received:
            got(Customer.objects.get(pk=pk), one.status, at - timedelta(hours=one.hours_ago), one.state)
    message = world.make_message(channel_kind="wecom_mass", body="上新", name=str(world.new_key()))
    draft = world.make_draft(channel="wecom", message=message)

    with patch("homeground.segments.services.members", lambda segment: sorted(people)):
        services.freeze_campaign(draft.pk, at=at)

    reasons = dict(Touch.objects.filter(campaign=draft).values_list("customer_id", "reason"))
    for pk, received in people.items():
        assert reasons[pk] == ("platform_quota" if plainly_full(mode, received, at) else ""), (mode, received)


@pytest.mark.parametrize(
    ("mode", "at", "period"),
    [
        ("1_per_day", datetime(2026, 3, 10, 15, 59, tzinfo=UTC), ((2026, 3, 9, 16), (2026, 3, 10, 16), 1)),
        ("1_per_day", datetime(2026, 3, 10, 16, tzinfo=UTC), ((2026, 3, 10, 16), (2026, 3, 11, 16), 1)),
        ("7_per_week", datetime(2026, 3, 15, 15, tzinfo=UTC), ((2026, 3, 8, 16), (2026, 3, 15, 16), 7)),
        ("per_month_days", datetime(2026, 2, 28, 15, tzinfo=UTC), ((2026, 1, 31, 16), (2026, 2, 28, 16), 28)),
        ("per_month_days", datetime(2026, 12, 31, 16, tzinfo=UTC), ((2026, 12, 31, 16), (2027, 1, 31, 16), 31)),
    ],
)
def test_periods_are_natural_ones_in_the_corps_zone(mode, at, period):
    starts, ends, most = period

    found = queries.period_of(mode, at)

    assert (found.starts, found.ends, found.most) == (
        datetime(*starts, tzinfo=UTC),
        datetime(*ends, tzinfo=UTC),
        most,
    )


pytestmark = pytest.mark.django_db


def test_the_figures_behind_the_quota_are_kept(monkeypatch, wecom):
    make_quota()
    customer = make_friend()
    got(customer)

    assert judged(monkeypatch, customer) == "platform_quota"
    touch = Touch.objects.get()
    assert touch.detail == {"had": 1, "most": 1, "mode": "1_per_day"}
    assert "已送达和待确认的共 1 条" in queries.reason_text(touch.state, touch.reason, touch.detail)


def test_what_members_sent_themselves_counts_and_all_contacts_of_a_person(monkeypatch, wecom):
    make_quota()
    customer = make_friend()
    other = make_friend(world.make_customer(phone=False, merged_into=customer))
    got(other, is_personal=True)

    assert judged(monkeypatch, customer) == "platform_quota"


def test_the_quota_binds_service_messages_too_and_no_other_channel(monkeypatch, wecom):
    make_quota()
    customer = make_friend()
    got(customer)

    assert judged(monkeypatch, customer, is_promotion=False) == "platform_quota"
    assert judged(monkeypatch, customer, channel="moments") == ""


def test_a_newer_row_of_the_quota_counts_from_its_day(monkeypatch, wecom):
    make_quota("1_per_day")
    make_quota("7_per_week", valid_from=NOON)
    customer = make_friend()
    got(customer)

    assert judged(monkeypatch, customer) == ""


def test_a_new_deployment_has_the_documented_quota_with_its_source(calm):
    PlatformQuota.objects.all().delete()
    services.install_defaults()

    row = queries.policy_at(NOON).quotas["wecom_mass"]
    assert (row.mode, "92135" in row.source) == ("per_month_days", True)
    with pytest.raises(BadPolicy):
        services.add_policy(
            PlatformQuota(channel_kind="wecom_mass", mode="1_per_day", source=" ", valid_from=NOON, set_by="op"),
            at=NOON,
        )


@pytest.mark.parametrize(
    ("friend", "reason"),
    [({}, ""), ({"ended": True}, "no_address"), ({"is_active": False}, "no_address")],
)
def test_wecom_reaches_friends_of_active_members(monkeypatch, wecom, friend, reason):
    assert judged(monkeypatch, make_friend(**friend)) == reason


def test_an_identity_alone_is_no_friend(monkeypatch, wecom):
    customer = world.make_customer(phone=False)
    customer_identity = {"kind": "wecom_external", "value": "wm-alone"}
    world.Identity.objects.create(customer=customer, **customer_identity)

    assert judged(monkeypatch, customer) == "no_address"


def test_what_was_said_about_messages_on_wecom_counts_for_moments_there(monkeypatch, wecom):
    agreed = make_friend(consent=True, channel="wecom")
    refused = make_friend(consent=False, channel="wecom")
    no_moments = make_friend(consent=True, channel="wecom")
    world.decide(no_moments, is_granted=False, channel="moments", at=NOON)

    reasons = [judged(monkeypatch, one, channel="moments") for one in (agreed, refused, no_moments)]
    assert reasons == ["", "opted_out", "opted_out"]
    assert judged(monkeypatch, no_moments) == ""


def test_what_staff_may_confirm_any_moment_counts_for_the_cap(monkeypatch, wecom):
    world.make_cap(days=7, most=1)
    customer = make_friend()
    was_sent(customer, NOON - timedelta(days=30), state="assigned", channel="wecom")

    assert judged(monkeypatch, customer) == "frequency_cap"
