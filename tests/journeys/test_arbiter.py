"""When several messages are due to one person, the most important of those that may go take what room there is."""

from collections import defaultdict
from datetime import time as clock
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.channels.models import Channel
from homeground.journeys import queries, services
from homeground.journeys.models import Campaign, FrequencyCap, PromotionShare, Touch
from homeground.journeys.services import dispatching
from homeground.journeys.services.arbiter import RETRY, Contender, Limits, losers
from tests.journeys import message_walks as walks
from tests.journeys import world
from tests.journeys.gateway import open_gateway
from tests.journeys.test_guard import was_sent
from tests.journeys.test_quota import make_friend, make_quota
from tests.journeys.world import NOON

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def gateway(db):
    world.no_policy()
    world.make_cap(days=7, most=1)
    with open_gateway() as gateway:
        yield gateway


def started(monkeypatch, customers, **fields):
    campaign = world.frozen(monkeypatch, customers, **fields)
    return services.start_campaign(campaign.pk, at=NOON)


def _mail():
    """A second channel, at the same gateway."""
    settings = Channel.objects.get(slug="phone").settings
    return world.make_channel("mail", "phone", settings=settings)


def dispatched(*campaigns, at=NOON):
    for campaign in campaigns:
        services.dispatch(campaign.pk, at=at)
    return [(touch.state, touch.reason) for touch in Touch.objects.order_by("campaign_id", "pk")]


OUT, BEATEN = ("sent", ""), ("suppressed", "outranked")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"urgency": 1, "value_minor": 900}, {"urgency": 2}),
        ({"value_minor": 100}, {"value_minor": 101}),
        ({"scheduled_at": NOON + timedelta(minutes=2)}, {"scheduled_at": NOON + timedelta(minutes=1)}),
    ],
)
def test_the_more_urgent_the_more_valuable_the_older_goes(monkeypatch, gateway, one, other):
    customer = world.make_customer()
    weaker, stronger = (started(monkeypatch, [customer], **fields) for fields in (one, other))

    states = dispatched(weaker, stronger, at=NOON + timedelta(minutes=5))

    assert states == [BEATEN, OUT]


def test_the_reason_names_what_took_its_place(monkeypatch, gateway):
    customer = world.make_customer()
    weaker = started(monkeypatch, [customer])
    stronger = started(monkeypatch, [customer], urgency=3, name="今晚截止")

    dispatched(weaker, stronger)

    touch = Touch.objects.get(campaign=weaker)
    assert touch.detail == {"campaign": stronger.pk, "name": "今晚截止"}
    assert queries.reason_text(touch.state, touch.reason, touch.detail) == "让位于更重要的“今晚截止”"


def test_a_message_of_a_journey_waits_for_its_turn(monkeypatch, gateway):
    customer = world.make_customer()
    weaker = walks.make_journey_message(urgency=1)
    (touch,) = walks.come(weaker, customer, days=20)
    stronger = started(monkeypatch, [customer])

    assert dispatched(weaker, stronger) == [("deferred", "outranked"), OUT]

    touch.refresh_from_db()
    assert (touch.due_at, touch.first_due_at) == (NOON + RETRY, NOON)
    assert dispatched(weaker, at=NOON + RETRY)[0] == ("deferred", "frequency_cap")
    assert dispatched(weaker, at=NOON + 7 * DAY)[0] == OUT


def test_two_walks_of_one_person_compete_too(gateway):
    campaign, customer = walks.make_journey_message(), world.make_customer()
    walks.come(campaign, customer, key="order 1")
    walks.come(campaign, customer, key="order 2")

    assert dispatched(campaign) == [OUT, ("deferred", "outranked")]


def test_without_lack_of_room_nobody_is_outranked(monkeypatch, gateway):
    FrequencyCap.objects.all().delete()
    world.make_cap(days=7, most=2)
    customer = world.make_customer()
    campaigns = [started(monkeypatch, [customer]) for _ in range(2)]

    assert dispatched(*campaigns) == [OUT, OUT]


def test_what_fits_goes_though_something_before_it_does_not(monkeypatch, gateway):
    _mail()
    FrequencyCap.objects.all().delete()
    world.make_cap(days=7, most=1, channel="phone")
    customer = world.make_customer()
    third = started(monkeypatch, [customer], channel="mail", urgency=1)
    second = started(monkeypatch, [customer], urgency=2)
    first = started(monkeypatch, [customer], urgency=3)

    assert dispatched(third, second, first) == [OUT, BEATEN, OUT]


@pytest.mark.parametrize(
    "hindered",
    [
        lambda rival, customer: world.decide(customer, is_granted=False, channel="mail", at=NOON),
        lambda rival, customer: world.make_quiet(starts=clock(0), ends=clock(23, 59), channel="mail"),
        lambda rival, customer: services.pause_campaign(rival.pk),
        lambda rival, customer: services.cancel_campaign(rival.pk, at=NOON),
        lambda rival, customer: Touch.objects.filter(campaign=rival).update(due_at=NOON + DAY),
    ],
    ids=["opted out", "quiet", "paused", "cancelled", "not due"],
)
def test_a_rival_that_may_not_go_takes_no_place(monkeypatch, gateway, hindered):
    _mail()
    customer = world.make_customer()
    ours = started(monkeypatch, [customer])
    rival = started(monkeypatch, [customer], channel="mail", urgency=3)
    hindered(rival, customer)

    assert dispatched(ours)[0] == OUT


def test_service_messages_neither_compete_nor_count(monkeypatch, gateway):
    customer = world.make_customer()
    service = started(monkeypatch, [customer], message=world.make_message(is_promotion=False), urgency=3)
    promotion = started(monkeypatch, [customer], urgency=1)

    assert dispatched(promotion, service) == [OUT, OUT]


def test_ids_of_one_person_share_the_room(monkeypatch, gateway):
    survivor = world.make_customer()
    ours = started(monkeypatch, [survivor])
    other = world.make_customer()
    rival = started(monkeypatch, [other], urgency=3)
    other.merged_into = survivor
    other.save()

    assert dispatched(ours, rival) == [BEATEN, OUT]


def test_two_processes_at_once_send_each_person_the_more_important_one(monkeypatch, gateway):
    monkeypatch.setattr(dispatching, "BATCH", 7)
    customers = [world.make_customer() for _ in range(40)]
    campaigns = [started(monkeypatch, customers, urgency=urgency) for urgency in (1, 2)]

    def send(campaign):
        try:
            services.dispatch(campaign.pk, at=NOON)
        finally:
            connection.close()

    threads = [Thread(target=send, args=[campaign]) for campaign in campaigns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [queries.ledger(campaign.pk).of("sent") for campaign in campaigns] == [0, 40]
    assert set(gateway.delivered.values()) == {1}


# The whole, against an arbiter that looks at one person at a time.

_CHANNELS = ("mail", "phone")


@st.composite
def _worlds(draw):
    caps = draw(
        st.lists(st.tuples(st.sampled_from(["*", *_CHANNELS]), st.sampled_from([3, 7]), st.integers(0, 3)), max_size=4)
    )
    return {
        "caps": list({cap[:2]: cap for cap in caps}.values()),
        "share": draw(st.one_of(st.none(), st.tuples(st.sampled_from([3000, 5000, 7000]), st.integers(2, 4)))),
        "sends": draw(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "channel": st.sampled_from(_CHANNELS),
                        "urgency": st.integers(1, 3),
                        "value_minor": st.sampled_from([0, 5]),
                        "is_promotion": st.sampled_from([True, True, False]),
                        "is_paused": st.sampled_from([False, False, True]),
                        "is_walk": st.booleans(),
                        "to": st.sets(st.integers(0, 2), min_size=1),
                    }
                ),
                min_size=2,
                max_size=4,
            )
        ),
        "past": draw(
            st.lists(
                st.tuples(st.integers(0, 2), st.sampled_from(_CHANNELS), st.booleans(), st.integers(1, 8)), max_size=6
            )
        ),
        "refuses": draw(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(_CHANNELS)), max_size=1)),
        "order": draw(st.permutations(range(4))),
    }


def _lay(world_):
    for model in (FrequencyCap, PromotionShare):
        model.objects.all().delete()
    for channel, days, most in world_["caps"]:
        world.make_cap(channel=channel, days=days, most=most)
    if world_["share"]:
        world.make_share(bp=world_["share"][0], least=world_["share"][1])
    customers = [world.make_customer() for _ in range(3)]
    campaigns = [_send(one, customers) for one in world_["sends"]]
    for who, channel, is_promotion, ago in world_["past"]:
        was_sent(customers[who], NOON - ago * DAY + timedelta(hours=1), channel=channel, is_promotion=is_promotion)
    for who, channel in world_["refuses"]:
        for purpose in ("promotion", "service"):
            world.decide(customers[who], is_granted=False, channel=channel, purpose=purpose)
    return customers, campaigns


def _send(one, customers):
    fields = {name: one[name] for name in ("channel", "urgency", "value_minor", "is_promotion")}
    state = "paused" if one["is_paused"] else "sending"
    campaign = walks.make_journey_message(**fields, state=state)
    # Touches as the freeze and the engine leave them, before anything was sent.
    touch = {"channel": one["channel"], "is_promotion": one["is_promotion"], "state": "queued", "due_at": NOON}
    for who in sorted(one["to"]):
        more = {}
        if one["is_walk"]:
            walk = walks.enrol(campaign, customers[who])
            more = {"enrolment": walk, "step": 1, "expires_at": NOON + DAY}
        Touch.objects.create(campaign=campaign, customer=customers[who], **touch, **more)
    return campaign


class Naive:
    """One person at a time, one message at a time, everything counted anew."""

    def __init__(self, world_, customers, campaigns):
        self.world, self.customers, self.campaigns = world_, customers, campaigns
        self.sends = world_["sends"]
        self.got = defaultdict(list)
        for who, channel, is_promotion, ago in world_["past"]:
            self.got[who].append((channel, is_promotion, NOON - ago * DAY + timedelta(hours=1)))
        self.left = {(who, n) for n, send in enumerate(self.sends) for who in send["to"]}
        self.fate = dict.fromkeys(self.left, "queued")

    def fits(self, who, send, got):
        if not send["is_promotion"]:
            return True
        promotions = [(channel, at) for channel, is_promotion, at in got if is_promotion]
        for channel, days, most in self.world["caps"]:
            had = [at for through, at in promotions if channel in ("*", through) and at > NOON - days * DAY]
            if channel in ("*", send["channel"]) and len(had) >= most:
                return False
        if self.world["share"]:
            bp, least = self.world["share"]
            if len(got) + 1 >= least and (len(promotions) + 1) * 10_000 > bp * (len(got) + 1):
                return False
        return True

    def admitted(self, who):
        rivals = [n for w, n in self.left if w == who and not self.sends[n]["is_paused"]]
        alone = [n for n in rivals if self.allowed(who, n) and self.fits(who, self.sends[n], self.got[who])]
        got, admitted = list(self.got[who]), set()
        for n in sorted(alone, key=self.rank):
            if self.fits(who, self.sends[n], got):
                admitted.add(n)
                if self.sends[n]["is_promotion"]:
                    got.append((self.sends[n]["channel"], True, NOON))
        return admitted, alone

    def allowed(self, who, n):
        return (who, self.sends[n]["channel"]) not in self.world["refuses"]

    def rank(self, n):
        return (self.sends[n]["is_promotion"], -self.sends[n]["urgency"], -self.sends[n]["value_minor"], n)

    def dispatch(self, n):
        if self.sends[n]["is_paused"]:
            return
        for who in sorted(self.sends[n]["to"]):
            admitted, alone = self.admitted(who)
            if n in admitted:
                self.fate[who, n] = "sending"
                self.got[who].append((self.sends[n]["channel"], self.sends[n]["is_promotion"], NOON))
            else:
                self.fate[who, n] = "outranked" if n in alone else "kept back"
            self.left.discard((who, n))


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(world_=_worlds())
def test_it_decides_as_one_who_looks_at_each_person_alone(world_, calm):
    Campaign.objects.all().update(state="cancelled")
    world.make_channel("mail", "phone")
    customers, campaigns = _lay(world_)
    naive = Naive(world_, customers, campaigns)

    for n in [n for n in world_["order"] if n < len(campaigns)]:
        naive.dispatch(n)
        dispatching._claim(campaigns[n].pk, NOON)

    told = {}
    for touch in Touch.objects.filter(campaign__in=campaigns, due_at__gte=NOON):
        key = (customers.index(touch.customer), campaigns.index(touch.campaign))
        told[key] = (
            touch.state
            if touch.state in ("queued", "sending")
            else ("outranked" if touch.reason == "outranked" else "kept back")
        )
    assert told == naive.fate


def test_nobody_without_a_rival_in_rank_is_a_loser():
    ones = [Contender(1, 1, 1, "phone", True, "none"), Contender(2, 2, 1, "phone", True, "none")]

    assert losers(ones, Limits([("none", "*", 1)]), {}) == {}


def test_the_last_message_that_the_platform_lets_through_is_the_more_urgent(monkeypatch, calm):
    world.make_channel("wecom", "wecom_mass", address_kinds=["wecom_external"])
    make_quota("1_per_day")
    customer = make_friend()
    message = world.make_message(channel_kind="wecom_mass", is_promotion=False, body="今晚见")
    weaker, stronger = (
        started(monkeypatch, [customer], channel="wecom", message=message, urgency=urgency) for urgency in (1, 2)
    )

    assert [len(dispatching._claim(one.pk, NOON)) for one in (weaker, stronger)] == [0, 1]
    assert Touch.objects.get(campaign=weaker).reason == "outranked"
