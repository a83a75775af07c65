"""Short signed tokens in customers' links: they name a touch, and nobody else can make, change or redirect them.

Numbers in base 62 and 96 bits of HMAC, so that a link fits into a text message.
"""

from typing import NamedTuple

from django.core.signing import BadSignature, Signer, b62_decode, b62_encode
from django.utils.crypto import salted_hmac

from homeground.channels.errors import TokenRefused


class Trace(NamedTuple):
    """Whose message it was. link_id 0: no link, but the message itself."""

    channel_id: int
    touch_id: int
    campaign_id: int  # 0: none.
    customer_id: int
    link_id: int = 0


class _ShortSigner(Signer):
    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        digest = salted_hmac(self.salt, value, key or self.key, algorithm="sha256").digest()
        return b62_encode(int.from_bytes(digest[:12], "big"))


def token_of(trace: Trace, use: str) -> str:
    """The token for one use ("link", "opt_out", "receipt"): it opens nothing else."""
    return _signer(use).sign(".".join(b62_encode(number) for number in trace))


def trace_of(token: str, use: str) -> Trace:
    """What a token names. Raises TokenRefused for anything that we did not sign for this use."""
    try:
        return Trace(*(b62_decode(part) for part in _signer(use).unsign(token).split(".")))
    except (BadSignature, ValueError, TypeError) as error:
        raise TokenRefused from error


def _signer(use: str) -> Signer:
    return _ShortSigner(sep=".", salt=f"homeground.channels.{use}")
