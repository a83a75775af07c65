"""回调: taken in and kept at once, handled later in batches, each once however often it is repeated."""

from homeground.wecom.services.callbacks.forgetting import forget_old
from homeground.wecom.services.callbacks.handling import handle_batch, handle_waiting, next_try_at
from homeground.wecom.services.callbacks.listening import Told, on_told
from homeground.wecom.services.callbacks.receiving import CallbackRefused, address_check, receive
from homeground.wecom.services.callbacks.replaying import replay, replay_failed

__all__ = [
    "CallbackRefused", "Told", "address_check", "forget_old", "handle_batch", "handle_waiting", "next_try_at",
    "on_told", "receive", "replay", "replay_failed",
]  # fmt: skip
