"""Each pack, installed on a small brand and lived with for a quarter: people walk, messages go out, tasks are given."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from homeground.journeys.models import Enrolment, GlobalHoldout, Journey, StepTaken, Touch
from homeground.journeys.services import dispatch
from homeground.journeys.services.entering import Entrant, enter
from homeground.journeys.services.waking import note_events
from homeground.journeys.services.walking.engine import walk
from homeground.people.models import Customer
from homeground.playbooks.pack.reading import pack_of
from homeground.playbooks.services import Asked, install, publish_journeys
from homeground.service.models import Task
from homeground.wecom.models import ExternalContact, Follow, Staff
from tests.journeys.engine import happened
from tests.journeys.gateway import open_gateway
from tests.journeys.world import NOON, make_customer
from tests.playbooks.world import fill_blanks, make_brand

SLUGS = ["big-decision", "business", "urgent-expert", "daily-care", "yearly-need", "compare-trust", "everyday"]
PEOPLE, DAYS = 12, 92
pytestmark = pytest.mark.django_db(transaction=True)


def make_friend_of(staff: Staff) -> Customer:
    """A customer with a phone who agreed to messages, looked after by this member."""
    customer = make_customer()
    contact = ExternalContact.objects.create(external_userid=f"wm{customer.pk}", customer=customer)
    Follow.objects.create(staff=staff, contact=contact, began_at=NOON - timedelta(days=300), seen_at=NOON)
    return customer


def live_on(day: int, customers: Sequence[Customer], at: datetime) -> None:
    """What customers do by themselves: some write, some order, two complain."""
    if day in (2, 16, 40, 70):
        note_events([happened("service.message_received", one, at, place="chat") for one in customers[::2]], at)
    if day in (25, 60):
        note_events([happened("commerce.order_paid", one, at, order_no=f"q{one.pk}") for one in customers[1::4]], at)
    if day in (3, 30):  # One early, before any walk is over; who is drawn to which way depends on their ids.
        upset = customers[4 if day == 3 else 0]
        note_events([happened("service.ticket_opened", upset, at, is_complaint=True, queue="after_sales")], at)


def live_a_quarter(journeys: Sequence[Journey], customers: Sequence[Customer]) -> None:
    for day in range(DAYS):
        at = NOON + timedelta(days=day)
        live_on(day, customers, at)
        for journey in journeys:
            walk(journey.pk, at)
        due = Touch.objects.filter(state__in=("queued", "deferred"), due_at__lte=at)
        for campaign_id in set(due.filter(channel="phone").values_list("campaign", flat=True)):
            dispatch(campaign_id, at)


@pytest.mark.parametrize("slug", SLUGS)
def test_people_pass_through_a_pack_in_a_quarter(slug):
    make_brand()
    GlobalHoldout.objects.all().delete()
    with open_gateway() as gateway:
        installation = install(pack_of(slug), Asked(), by="owner", at=NOON)
        fill_blanks(installation)
        assert {one.refusal for one in publish_journeys(installation, by="owner", at=NOON)} == {""}
        staff = Staff.objects.create(userid="lin", name="小林")
        customers = [make_friend_of(staff) for _number in range(PEOPLE)]
        journeys = list(Journey.objects.order_by("pk"))
        for journey in journeys:
            Journey.objects.filter(pk=journey.pk).update(holdout_bp=0)
            journey.refresh_from_db()
            enter(journey, [Entrant(one.pk, f"quarter:{one.pk}") for one in customers], NOON)

        live_a_quarter(journeys, customers)

        walks = Enrolment.objects.all()
        endings = Counter(walks.values_list("ending", flat=True))
        assert not endings["failed"], list(walks.filter(ending="failed").values_list("journey__slug", "node", "error"))
        assert not endings["too_many_steps"]
        for journey in journeys:
            walking = walks.filter(journey=journey).exclude(state="held_out").count()  # A few are in the global one.
            assert StepTaken.objects.filter(enrolment__journey=journey).count() >= walking >= PEOPLE - 3, journey.slug
        ways = StepTaken.objects.values_list("enrolment__journey__slug", "node").distinct()
        assert len(set(ways)) >= 3 * len(journeys)
        assert endings["exit"], "who complains is let out"
        assert Task.objects.filter(staff=staff).count() >= PEOPLE
        assert Touch.objects.exists()
        assert set(gateway.requested.values()) <= {1}
        sent = Touch.objects.filter(channel="phone", state="sent").count()
        assert sent == sum(gateway.delivered.values())
