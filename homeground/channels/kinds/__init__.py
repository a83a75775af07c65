"""The closed list of ways to send. Another one is a file here and its line in KINDS."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.forms import Form

from homeground.channels.kinds.email import EMAIL
from homeground.channels.kinds.phone import PHONE
from homeground.channels.kinds.webhook import WEBHOOK
from homeground.channels.kinds.wecom import WECOM_MASS, WECOM_MOMENTS
from homeground.channels.messages import Message, Outcome

Settings = Mapping[str, Any]


class Kind(Protocol):
    """One way to send. It knows its settings and speaks to the outside; it touches no tables."""

    slug: str
    label: Any  # Translated.
    address_kinds: Sequence[str]  # Kinds of identity that it reaches, the best first.
    batch: int  # Messages in one call of deliver(), at most.
    is_shared: bool  # One text for everybody in a call, and somebody has to confirm it.
    form: type[Form]  # Its settings; a cleaned form is what deliver() gets.
    secret_fields: Collection[str]  # Written on the page, never shown there.

    def deliver(self, settings: Settings, messages: Sequence[Message]) -> Iterator[Outcome]:
        """Send each message once and say what became of it, in order. Repeats nothing."""

    def known(self, settings: Settings, sent: Mapping[str, int]) -> Mapping[str, bool]:
        """For keys given earlier, each with its touch: taken or surely not. One that is missing: nobody can tell."""


KINDS: Mapping[str, Kind] = {kind.slug: kind for kind in (WECOM_MASS, WECOM_MOMENTS, PHONE, EMAIL, WEBHOOK)}
SHARED = frozenset(slug for slug, kind in KINDS.items() if kind.is_shared)
