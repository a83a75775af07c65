"""No more, please: consent to promotions withdrawn on one channel or on all, at once, with proof; and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from homeground.channels.errors import NotKnown
from homeground.channels.links import opt_out_url
from homeground.channels.services.clicks import slug_of
from homeground.channels.tokens import Trace
from homeground.core import time
from homeground.people.models import Consent
from homeground.people.services import ConsentDecision, decide_consent
from homeground.wecom.queries import customer_of, mass

EVERYWHERE = "*"
PAGE_VERSION = "2026-11-21"  # Of the words on the opt-out page; change it with them.


@dataclass(frozen=True)
class Refusal:
    """One customer said no, or took it back, about promotions."""

    trace: Trace
    channel: str  # A slug, or "*".
    source: str  # opt_out_page, one_click, answer, refused.
    proof: dict[str, Any]
    at: datetime
    is_granted: bool = False


@transaction.atomic
def decide(refusals: Sequence[Refusal]) -> None:
    """Write the decisions with proof. Test messages decide nothing; a repeat adds nothing."""
    decide_consent([_decision(refusal) for refusal in refusals if not is_test(refusal.trace)])


def withdraw(trace: Trace, *, is_everywhere: bool, source: str, shown: str, at: datetime | None = None) -> None:
    """Stop promotions on the message's channel, or on all. shown: what the customer read and did."""
    decide([_by_page(trace, is_everywhere=is_everywhere, source=source, shown=shown, at=at)])


def restore(trace: Trace, *, is_everywhere: bool, shown: str, at: datetime | None = None) -> None:
    """The customer wants them after all."""
    decide([_by_page(trace, is_everywhere=is_everywhere, source="opt_out_page", shown=shown, at=at, is_granted=True)])


def is_test(trace: Trace) -> bool:
    """Whether it is of a message that counts nowhere: of no touch, and of no campaign either."""
    return not trace.touch_id and not trace.campaign_id


def is_shared(trace: Trace) -> bool:
    """Whether everybody got this link: it names a campaign and nobody."""
    return not trace.customer_id and bool(trace.campaign_id)


def own_url(trace: Trace, external_userid: str) -> str:
    """The opt-out page of one of those who got a shared link. Raises NotKnown for somebody who is no customer."""
    customer = customer_of(external_userid) if external_userid else None
    if customer is None:
        raise NotKnown
    touch = mass.touch_of(trace.campaign_id, external_userid) or 0
    return opt_out_url(trace._replace(touch_id=touch, customer_id=customer))


def _by_page(
    trace: Trace, *, is_everywhere: bool, source: str, shown: str, at: datetime | None, is_granted: bool = False
) -> Refusal:
    channel = EVERYWHERE if is_everywhere else slug_of(trace)
    proof = {"page_version": PAGE_VERSION, "shown": shown}
    return Refusal(trace, channel, source, proof, at or time.now(), is_granted)


def _decision(refusal: Refusal) -> ConsentDecision:
    message = {"touch_id": refusal.trace.touch_id or None, "campaign_id": refusal.trace.campaign_id or None}
    return ConsentDecision(
        customer_id=refusal.trace.customer_id,
        purpose=Consent.Purpose.PROMOTION,
        channel=refusal.channel,
        is_granted=refusal.is_granted,
        proof=message | refusal.proof,
        source=refusal.source,
        decided_at=refusal.at,
    )
