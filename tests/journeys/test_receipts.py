import itertools
from datetime import timedelta

import pytest

from homeground.events.catalog import channels as catalog
from homeground.events.services import record
from homeground.journeys import queries, services
from homeground.journeys.models import Touch
from homeground.people.models import Consent
from homeground.people.services import ConsentDecision, decide_consent
from tests.journeys import world
from tests.journeys.world import NOON
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def touch(db, monkeypatch):
    """A touch that was handed to its channel."""
    world.no_policy()
    world.make_channel()
    world.frozen(monkeypatch, [world.make_customer()])
    Touch.objects.update(state="sent", key=world.new_key(), sent_at=NOON)
    return Touch.objects.get()


def tell(touch, *facts):
    """Receipts in this order, one batch each, minutes apart; the same cause is the same receipt."""
    for fact in facts:
        minutes = MINUTES[fact]
        extra = {"url": "https://x"} if fact is catalog.MessageClicked else {}
        extra |= {"reason": "refused: 550 gone"} if fact in (catalog.MessageFailed, catalog.MessageRefused) else {}
        extra |= {"text": "好"} if fact is catalog.MessageAnswered else {}
        record(
            fact(
                customer_id=touch.customer_id,
                touch_id=touch.pk,
                channel="phone",
                happened_at=NOON + timedelta(minutes=minutes),
                cause=str(touch.pk),
                **extra,
            )
        )
        drain()
    touch.refresh_from_db()


MINUTES = {
    catalog.MessageSent: 0,
    catalog.MessageFailed: 1,
    catalog.MessageDelivered: 2,
    catalog.MessageOpened: 3,
    catalog.MessageClicked: 4,
    catalog.MessageAnswered: 5,
    catalog.MessageRefused: 6,
}


@pytest.mark.parametrize(
    "facts", list(itertools.permutations((catalog.MessageDelivered, catalog.MessageOpened, catalog.MessageClicked)))
)
def test_receipts_move_a_touch_forward_in_whatever_order_they_come(touch, facts):
    tell(touch, *facts, facts[0])

    assert touch.state == "clicked"
    assert (touch.delivered_at, touch.opened_at, touch.clicked_at) == tuple(
        NOON + timedelta(minutes=at) for at in (2, 3, 4)
    )


def test_a_click_proves_the_opening_and_the_delivery(touch):
    tell(touch, catalog.MessageClicked)

    assert touch.delivered_at == touch.opened_at == touch.clicked_at == NOON + timedelta(minutes=4)


def test_a_delivery_outdoes_a_failure_and_not_the_other_way(touch):
    tell(touch, catalog.MessageFailed)
    assert (touch.state, touch.reason, touch.detail) == ("failed", "refused", {"words": "550 gone"})

    tell(touch, catalog.MessageDelivered, catalog.MessageFailed)
    assert (touch.state, touch.reason, touch.detail) == ("delivered", "", None)


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_a_receipt_settles_what_was_not_known(touch, state):
    Touch.objects.update(state=state)

    tell(touch, catalog.MessageSent)

    assert touch.state == "sent"


def test_harm_is_noted_beside_the_gain(touch):
    tell(touch, catalog.MessageAnswered, catalog.MessageRefused)

    assert touch.state == "delivered"
    reception = queries.receptions([touch.campaign_id])[touch.campaign_id]
    assert (reception.sent, reception.delivered, reception.answered, reception.refused) == (1, 1, 1, 1)


def test_a_receipt_for_a_touch_that_never_went_out_changes_nothing(touch):
    Touch.objects.update(state="suppressed", reason="no_consent", key=None, sent_at=None)

    tell(touch, catalog.MessageClicked)

    assert (touch.state, touch.clicked_at) == ("suppressed", None)


def test_a_receipt_that_names_no_touch_is_passed_over(touch):
    record(catalog.MessageClicked(touch_id=touch.pk + 999, channel="phone", url="x", happened_at=NOON))

    drain()

    touch.refresh_from_db()
    assert touch.state == "sent"


@pytest.mark.parametrize("touch_id", [None, "1; drop table", 10**30, True])
def test_a_receipt_that_somebody_else_sent_is_not_believed(touch, touch_id):
    named = touch.pk if touch_id is None else touch_id
    record(catalog.MessageClicked(touch_id=named, channel="phone", url="x", happened_at=NOON, source="sdk"))

    drain()

    touch.refresh_from_db()
    assert touch.state == "sent"


def test_an_opt_out_through_a_message_is_that_touchs_harm(touch):
    later = NOON + timedelta(minutes=9)
    decide_consent(
        [
            ConsentDecision(
                customer_id=touch.customer_id,
                purpose="promotion",
                channel="*",
                is_granted=False,
                proof={"touch_id": touch.pk},
                source="opt_out_page",
                decided_at=later,
            )
        ]
    )

    drain()

    touch.refresh_from_db()
    assert touch.opted_out_at == later
    assert queries.receptions([touch.campaign_id])[touch.campaign_id].opted_out == 1


@pytest.mark.parametrize("proof", [{}, {"touch_id": "x"}, {"touch_id": None}])
def test_an_opt_out_elsewhere_is_laid_at_no_campaigns_door(touch, proof):
    world.decide(touch.customer, is_granted=False, at=NOON)
    Consent.objects.filter(is_granted=False).update(proof=proof)

    services.note_opt_outs([withdrawal_of(touch)])

    touch.refresh_from_db()
    assert touch.opted_out_at is None


def test_another_customers_proof_does_no_harm(touch):
    other = world.make_customer(consent=False)
    Consent.objects.filter(customer=other).update(proof={"touch_id": touch.pk})

    services.note_opt_outs([withdrawal_of(touch, other.pk)])

    touch.refresh_from_db()
    assert touch.opted_out_at is None


def withdrawal_of(touch, customer_id=None):
    from homeground.events.facts import Event

    return Event(
        id=1,
        name="people.consent_withdrawn",
        customer_id=customer_id or touch.customer_id,
        happened_at=NOON,
        received_at=NOON,
        source="test",
        identities=(),
        properties={},
    )
