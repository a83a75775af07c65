"""Generated worlds: the ledger adds up, and each person's line is what a plain reading of the rules gives."""

from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.journeys import queries, services
from homeground.journeys.holdout import bucket
from homeground.journeys.models import Participant, Touch
from homeground.people.models import Relation
from tests.journeys import world
from tests.journeys.world import NOON

ZONES = ["", "America/New_York", "Europe/London", "Mars/Olympus"]


@dataclass(frozen=True)
class Person:
    relation: str
    zone: str
    phone: bool
    decisions: list[tuple[str, bool, int]]  # Channel, granted, days ago.
    touches: list[tuple[float, bool, str, str]]  # Days ago, promotion, state, channel.


@dataclass(frozen=True)
class Rules:
    caps: list[tuple[str, str, int, int]]  # Relation, channel, days, most.
    share: tuple[int, int, int] | None
    quiet: tuple[int, int]  # Hours.
    global_bp: int
    holdout_bp: int
    is_promotion: bool


channels = st.sampled_from(["phone", "*", "email"])
people = st.lists(
    st.builds(
        Person,
        relation=st.sampled_from(Relation.values),
        zone=st.sampled_from(ZONES),
        phone=st.booleans(),
        decisions=st.lists(st.tuples(channels, st.booleans(), st.integers(1, 3)), max_size=3, unique_by=lambda d: d[0]),
        touches=st.lists(
            st.tuples(
                st.sampled_from([0.5, 2, 6, 8, 20]),
                st.booleans(),
                st.sampled_from(["sent", "unknown", "clicked", "failed"]),
                st.sampled_from(["phone", "email"]),
            ),
            max_size=4,
        ),
    ),
    min_size=1,
    max_size=8,
)
rules = st.builds(
    Rules,
    caps=st.lists(
        st.tuples(st.sampled_from(Relation.values), channels, st.sampled_from([1, 7, 30]), st.integers(0, 2)),
        max_size=4,
        unique_by=lambda cap: cap[:3],
    ),
    share=st.none() | st.tuples(st.sampled_from([3000, 5000, 9000]), st.just(7), st.integers(2, 3)),
    quiet=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    global_bp=st.sampled_from([0, 3000]),
    holdout_bp=st.sampled_from([0, 3000]),
    is_promotion=st.booleans(),
)


def judge(person, rule):
    """What the guard should say, read off the rules one person at a time."""
    heard = [(-ago, granted) for channel, granted, ago in person.decisions if channel in ("phone", "*")]
    wanted = "promotion" if rule.is_promotion else "service"
    newest = [granted for ago, granted in heard if ago == max(heard)[0]] if heard and wanted == "promotion" else []
    got = [touch for touch in person.touches if touch[2] != "failed"]
    if newest and not all(newest):
        return "opted_out"
    if rule.is_promotion and not newest:
        return "no_consent"
    if not person.phone:
        return "no_address"
    if rule.is_promotion and any(is_full(cap, person, got) for cap in rule.caps):
        return "frequency_cap"
    if rule.is_promotion and rule.share and is_crowded(rule.share, got):
        return "promotion_share"
    return "quiet_hours" if is_quiet(rule.quiet, person.zone) else ""


def is_full(cap, person, got):
    relation, channel, days, most = cap
    if relation != person.relation or channel not in ("phone", "*"):
        return False
    return sum(promo and ago < days and channel in (through, "*") for ago, promo, _state, through in got) >= most


def is_crowded(share, got):
    bp, days, least = share
    window = [promo for ago, promo, _state, _through in got if ago < days]
    return len(window) + 1 >= least and (sum(window) + 1) / (len(window) + 1) > bp / 10_000


def is_quiet(quiet, zone):
    starts, ends = quiet
    hour = NOON.astimezone(ZoneInfo(zone if "New" in zone or "London" in zone else "Asia/Shanghai")).hour
    hours = range(starts, ends) if starts <= ends else [*range(starts, 24), *range(ends)]
    return hour in hours


def build(everyone, rule):
    world.no_policy()
    world.make_channel()
    world.make_global_holdout(rule.global_bp)
    for relation, channel, days, most in rule.caps:
        world.make_cap(relation, days=days, most=most, channel=channel)
    if rule.share:
        world.make_share(*rule.share)
    world.make_quiet(*(world.clock(hour) for hour in rule.quiet))
    earlier = [world.make_draft() for _ in range(4)]
    return {build_person(person, earlier): person for person in everyone}


def build_person(person, earlier):
    customer = world.make_customer(consent=None, phone=person.phone, relation=person.relation, time_zone=person.zone)
    for channel, granted, ago in person.decisions:
        world.decide(customer, channel=channel, is_granted=granted, at=NOON - timedelta(days=ago))
    for campaign, (ago, promo, state, through) in zip(earlier, person.touches, strict=False):
        at = NOON - timedelta(days=ago)
        Touch.objects.create(
            campaign=campaign,
            customer=customer,
            channel=through,
            is_promotion=promo,
            state=state,
            due_at=at,
            sent_at=at,
            key=world.new_key(),
        )
    return customer.pk


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(everyone=people, rule=rules)
def test_every_person_is_in_the_one_line_that_the_rules_give(db, everyone, rule):
    persons = build(everyone, rule)
    draft = world.make_draft(
        holdout_bp=rule.holdout_bp,
        message=world.make_message(is_promotion=rule.is_promotion, name=str(world.new_key())),
    )

    with patch("homeground.segments.services.members", lambda segment: sorted(persons)):
        services.freeze_campaign(draft.pk, at=NOON)

    arms = dict(Participant.objects.filter(campaign=draft).values_list("customer_id", "arm"))
    reasons = dict(Touch.objects.filter(campaign=draft).values_list("customer_id", "reason"))
    for customer, person in persons.items():
        if rule.is_promotion and bucket("global-1", str(customer)) < rule.global_bp:
            assert arms[customer] == "global_holdout"
        elif bucket(f"campaign:{draft.pk}", str(customer)) < rule.holdout_bp:
            assert arms[customer] == "holdout"
        else:
            assert (arms[customer], reasons[customer]) == ("treated", judge(person, rule))

    ledger = queries.ledger(draft.pk)
    assert ledger.eligible == len(persons) == len(arms)
    assert ledger.treated == len(reasons)
    assert all(line.customers > 0 for line in ledger.lines)
    assert len({line.slug for line in ledger.lines}) == len(ledger.lines)


@pytest.mark.django_db
def test_a_draft_has_no_lines():
    assert queries.ledger(world.make_draft().pk).lines == []
