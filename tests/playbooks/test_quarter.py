"""Each pack, installed on a small brand and lived with for a quarter: who gets what, within which caps, what it shows.

Half of the customers have the need of the pack, half have not. Beside the pack's journeys a greedy one promotes
something every third day: the caps that the pack brought hold against it.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from homeground.commerce.services import import_orders
from homeground.events import stream
from homeground.events.catalog.service import CustomerAnswered, MessageReceived
from homeground.events.catalog.wecom import FriendAdded
from homeground.events.services import record
from homeground.journeys.models import Enrolment, GlobalHoldout, Journey, StepTaken, Touch
from homeground.journeys.queries import policy_at
from homeground.journeys.services import dispatch
from homeground.journeys.services.entering import Entrant, enter
from homeground.journeys.services.waking import note_events
from homeground.journeys.services.walking.engine import walk
from homeground.people.models import Customer, Relation
from homeground.people.services.attributes import AttributeGiven, set_attributes
from homeground.people.services.mirror import mirror
from homeground.people.services.tags import tag
from homeground.playbooks.models import Installation
from homeground.playbooks.pack.reading import pack_of
from homeground.playbooks.queries import board
from homeground.playbooks.services import Asked, install, publish_journeys
from homeground.service.models import Task
from homeground.wecom.models import ExternalContact, Follow, Staff
from tests.journeys.engine import END, happened, make_journey, message, wait
from tests.journeys.gateway import open_gateway
from tests.journeys.world import NOON, make_customer, make_message
from tests.playbooks.world import fill_blanks, make_brand

# What makes somebody need a pack's product: an order whose next is due, or a tag. Which metrics a quarter then moves.
NEEDS = {
    "big-decision": ("意向A·三个月内定", ["silent-buy"]),
    "business": ("试用中", ["journey-goal"]),
    "urgent-expert": ("急需处理", ["lead-in-hour"]),
    "daily-care": ("", ["kept-on", "repurchase"]),
    "yearly-need": ("", ["yearly-return"]),
    "compare-trust": ("在对比", ["journey-goal"]),
    "everyday": ("", ["repurchase", "popularity"]),
}
PEOPLE, DAYS = 12, 92
END_OF_QUARTER = NOON + timedelta(days=DAYS)
pytestmark = pytest.mark.django_db(transaction=True)


class Quarter:
    """A brand, its staff, customers with and without need, and what they do on which day."""

    def __init__(self, slug: str) -> None:
        make_brand()
        GlobalHoldout.objects.all().delete()
        self.slug, (self.tag, self.moves) = slug, NEEDS[slug]
        self.staff = Staff.objects.create(userid="lin", name="小林")
        self.customers = [self._friend(number) for number in range(PEOPLE)]
        self.needy = self.customers[1::2]
        self.still = [one for at, one in enumerate(self.customers) if at % 4 != 1]  # They buy nothing in the quarter.
        self.orders = self._orders()
        self._buy()

    def _friend(self, number: int) -> Customer:
        """Somebody with a phone who agreed to messages, looked after by the member."""
        customer = make_customer(relation=[Relation.ONE_WAY, Relation.TWO_WAY, Relation.MANY_WAY][number % 3])
        contact = ExternalContact.objects.create(external_userid=f"wm{customer.pk}", customer=customer)
        Follow.objects.create(staff=self.staff, contact=contact, began_at=NOON - timedelta(days=300), seen_at=NOON)
        return customer

    def _orders(self) -> list[tuple[int, Customer]]:
        """(day of the quarter, who); whoever is tagged has not bought yet."""
        later = [(day, one) for day in ((20, 60) if self.tag else (20, 28, 60)) for one in self.customers[1::4]]
        before = [] if self.tag else [(day, one) for one in self.needy for day in (-305, -10)]
        return before + later

    def _buy(self) -> None:
        rows = [
            {
                "order_no": f"q{at}", "line_no": 1, "sku": "A", "product_name": "甲", "quantity": 1,
                "unit_price": Decimal(30), "at": NOON + timedelta(days=day), "phone": f"1380000{one.pk:06d}",
            }
            for at, (day, one) in enumerate(self.orders)
        ]  # fmt: skip
        frame = pl.DataFrame(rows, schema_overrides={"at": pl.Datetime("us", "UTC"), "unit_price": pl.Decimal(18, 6)})
        import_orders(frame, source="门店", currency="CNY")
        asked = NOON + timedelta(days=40)
        for one in self.needy:
            about = {"customer_id": one.pk, "userid": "lin"}
            record(
                MessageReceived(customer_id=one.pk, happened_at=asked, place="chat"),
                FriendAdded(**about, happened_at=asked),
                CustomerAnswered(**about, happened_at=asked + timedelta(minutes=20), place="chat", waited_seconds=1200),
            )
        stream.drain()
        while mirror():
            pass

    def make_needy(self) -> None:
        """After installing: the attributes are declared then."""
        if self.tag:
            tag([one.pk for one in self.needy], self.tag, origin="manual", source="test", at=NOON)
        else:
            due = (NOON + timedelta(days=2)).date()
            set_attributes(AttributeGiven(one.pk, "next_order_on", due, "prediction", NOON) for one in self.needy)

    def live_on(self, day: int, at: datetime) -> None:
        """What customers do by themselves: some write, some order, two complain."""
        if day in (2, 16, 40, 70):
            note_events(
                [happened("service.message_received", one, at, place="chat") for one in self.customers[::2]], at
            )
        if bought := [one for ordered, one in self.orders if ordered == day]:
            note_events([happened("commerce.order_paid", one, at, order_no=f"q{day}{one.pk}") for one in bought], at)
        if day in (3, 30):  # One early, before any walk is over; who is drawn to which way depends on their ids.
            upset = self.customers[4 if day == 3 else 0]
            note_events([happened("service.ticket_opened", upset, at, is_complaint=True, queue="after_sales")], at)

    def live(self, journeys: Sequence[Journey]) -> None:
        for day in range(DAYS):
            at = NOON + timedelta(days=day)
            self.live_on(day, at)
            for journey in journeys:
                walk(journey.pk, at)
            due = Touch.objects.filter(state__in=("queued", "deferred"), due_at__lte=at)
            for campaign_id in set(due.filter(channel="phone").values_list("campaign", flat=True)):
                dispatch(campaign_id, at)
        stream.drain()
        while mirror():
            pass


def greedy() -> Journey:
    """Promotes something every third day, to everybody."""
    offer = make_message(is_promotion=True).pk
    nodes = {}
    for number in range(20):
        nodes[f"offer{number}"] = message(f"rest{number}", offer, valid_days=1)
        nodes[f"rest{number}"] = wait(f"offer{number + 1}" if number < 19 else END, days=3)
    return make_journey(nodes, slug="greedy", is_promotion=True)


def broken_caps(customers: Sequence[Customer]) -> list[tuple[int, int, int]]:
    """(customer, days, promotions) wherever more promotions were sent in so many days than the policy lets."""
    found = []
    sent = Touch.objects.filter(channel="phone", state="sent", campaign__is_promotion=True)
    for one in Customer.objects.filter(pk__in=[each.pk for each in customers]):  # An order moved their relation.
        moments = sorted(sent.filter(customer=one).values_list("sent_at", flat=True))
        for cap in policy_at(END_OF_QUARTER).caps:
            if cap.relation != one.relation or cap.channel != "*":
                continue
            span = timedelta(days=cap.window_days)
            most = max((sum(begin <= at < begin + span for at in moments) for begin in moments), default=0)
            if most > cap.max_touches:
                found.append((one.pk, cap.window_days, most))
    return found


def moved(installation: Installation) -> set[str]:
    """The metrics of the pack's page that somebody stands behind at the end of the quarter."""
    shown = board(installation, pack_of(installation.pack), END_OF_QUARTER).shown
    return {one.metric.key for one in shown if any(period.good for period in one.periods)}


def live_with(quarter: Quarter) -> tuple[Installation, list[Journey]]:
    """Install and publish the pack, let everybody in, live the quarter. Gives its journeys, not the greedy one."""
    installation = install(pack_of(quarter.slug), Asked(), by="owner", at=NOON)
    fill_blanks(installation)
    assert {one.refusal for one in publish_journeys(installation, by="owner", at=NOON)} == {""}
    quarter.make_needy()
    ours = list(Journey.objects.order_by("pk"))
    journeys = [*ours, greedy()]
    Journey.objects.update(holdout_bp=0)
    for journey in journeys:
        journey.refresh_from_db()
        enter(journey, [Entrant(one.pk, f"quarter:{one.pk}") for one in quarter.customers], NOON)
    quarter.live(journeys)
    return installation, ours


def sells(slug: str) -> bool:
    """Whether any journey of the pack promotes something."""
    pack = pack_of(slug)
    steps = [step for journey in pack.journeys.values() for step in journey.graph["nodes"].values()]
    return any(pack.messages[step["message"]].is_promotion for step in steps if step["kind"] == "message")


@pytest.mark.parametrize("slug", NEEDS)
def test_a_quarter_with_a_pack(slug):
    quarter = Quarter(slug)
    with open_gateway() as gateway:
        installation, ours = live_with(quarter)

    walks = Enrolment.objects.filter(journey__in=ours)
    endings = Counter(walks.values_list("ending", flat=True))
    assert not endings["failed"], list(walks.filter(ending="failed").values_list("journey__slug", "node", "error"))
    assert not endings["too_many_steps"]
    assert endings["exit"], "who complains is let out"
    for journey in ours:
        assert StepTaken.objects.filter(enrolment__journey=journey).count() >= PEOPLE, journey.slug
    assert Task.objects.filter(staff=quarter.staff).count() >= PEOPLE

    promotions = Touch.objects.filter(campaign__version__journey__in=ours, campaign__is_promotion=True)
    promoted = set(promotions.values_list("customer", flat=True))
    assert promoted <= {one.pk for one in quarter.needy}, "nobody without need gets a promotion"
    assert bool(promoted) == sells(slug)

    assert broken_caps(quarter.still) == []
    offers = Touch.objects.filter(campaign__version__journey__slug="greedy")
    too_late = offers.filter(reason="expired").values_list("detail__waited_for", flat=True)
    assert set(too_late) <= {"frequency_cap", "promotion_share", "outranked"}
    assert len(too_late) > offers.filter(state="sent").count() > 0, "the caps of the pack hold most of it back"
    assert set(gateway.requested.values()) <= {1}
    assert Touch.objects.filter(channel="phone", state="sent").count() == sum(gateway.delivered.values())

    assert set(quarter.moves) <= moved(installation)
