"""Receipts: what a gateway tells of messages that it took. Facts on the stream; a refusal is an opt-out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from homeground.channels.errors import TokenRefused
from homeground.channels.models import Channel
from homeground.channels.services.opt_out import Refusal, decide
from homeground.channels.tokens import Trace, trace_of
from homeground.core import time
from homeground.events.catalog.channels import (
    MessageAnswered,
    MessageClicked,
    MessageDelivered,
    MessageFailed,
    MessageOpened,
    MessageRefused,
    TouchFact,
)
from homeground.events.services import record

_AHEAD = timedelta(days=1)  # A gateway's clock may be wrong by this much.
_TEXT = 2000  # Characters of an answer, a reason or a URL that are kept.


@dataclass(frozen=True)
class Receipt:
    """One receipt, checked."""

    trace: Trace
    event: str
    at: datetime
    cause: str
    text: str


class _Bad(Exception):
    """A receipt that cannot be read; str() names the field."""


@transaction.atomic
def take(channel: Channel, receipts: Sequence[Any], at: datetime | None = None) -> dict[int, str]:
    """Put receipts on the stream, each once however often it comes. Returns what was wrong, by position.

    A bad receipt does not lose the others. An answer that is a refusing word, and a block or complaint, withdraw
    consent to promotions on this channel.
    """
    now, good, bad = at or time.now(), [], {}
    for index, document in enumerate(receipts):
        try:
            good.append(_receipt(channel, document, now))
        except _Bad as trouble:
            bad[index] = str(trouble)
    told = [receipt for receipt in good if receipt.trace.touch_id]
    record(*(_fact(channel, receipt) for receipt in told))
    decide([_refusal(channel, receipt) for receipt in told if _is_refusal(channel, receipt)])
    return bad


def _receipt(channel: Channel, document: Any, now: datetime) -> Receipt:
    if not isinstance(document, Mapping):
        raise _Bad("not an object")
    event = str(document.get("event"))
    if event not in _FACTS:
        raise _Bad("event: one of " + ", ".join(_FACTS))
    trace = _trace(channel, document.get("reference"))
    at = _moment(document.get("happened_at"), now)
    cause = f"{trace.touch_id}:{_clean(document.get('id') or at.isoformat(), 100)}"
    return Receipt(trace, event, at, cause, _clean(document.get(_TEXTS.get(event, ""), ""), _TEXT))


def _trace(channel: Channel, reference: Any) -> Trace:
    try:
        trace = trace_of(str(reference), "receipt")
    except TokenRefused as error:
        raise _Bad("reference: not one of ours") from error
    if trace.channel_id != channel.pk:
        raise _Bad("reference: of another channel")
    return trace


def _moment(text: Any, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        is_real = datetime(2000, 1, 1, tzinfo=UTC) <= moment <= now + _AHEAD
    except (ValueError, OverflowError) as error:
        raise _Bad("happened_at: ISO 8601") from error
    if not is_real:
        raise _Bad("happened_at: between the year 2000 and tomorrow")
    return moment.astimezone(UTC)


def _clean(value: Any, length: int) -> str:
    """Text that both stores can hold: no NUL, no half of a surrogate pair."""
    return str(value).replace("\x00", "").encode("utf-8", "ignore").decode()[:length]


_Make = Callable[[dict[str, Any], str], TouchFact]
_FACTS: Mapping[str, _Make] = {
    "delivered": lambda common, text: MessageDelivered(**common),
    "opened": lambda common, text: MessageOpened(**common),
    "clicked": lambda common, text: MessageClicked(**common, url=text),
    "answered": lambda common, text: MessageAnswered(**common, text=text),
    "refused": lambda common, text: MessageRefused(**common, reason=text),
    "failed": lambda common, text: MessageFailed(**common, reason=text),
}
_TEXTS = {"clicked": "url", "answered": "text", "refused": "reason", "failed": "reason"}


def _fact(channel: Channel, receipt: Receipt) -> TouchFact:
    common = {
        "customer_id": receipt.trace.customer_id,
        "touch_id": receipt.trace.touch_id,
        "campaign_id": receipt.trace.campaign_id or None,
        "channel": channel.slug,
        "happened_at": receipt.at,
        "cause": receipt.cause,
    }
    return _FACTS[receipt.event](common, receipt.text)


def _is_refusal(channel: Channel, receipt: Receipt) -> bool:
    return receipt.event == "refused" or (receipt.event == "answered" and is_refusing(channel, receipt.text))


def is_refusing(channel: Channel, answer: str) -> bool:
    """Whether an answer is just one of the channel's refusing words; punctuation and case do not matter."""
    return _bare(answer) in {_bare(word) for word in channel.refusing_words} - {""}


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _refusal(channel: Channel, receipt: Receipt) -> Refusal:
    source = "answer" if receipt.event == "answered" else "refused"
    return Refusal(receipt.trace, channel.slug, source, {"event": receipt.event, "said": receipt.text}, receipt.at)
