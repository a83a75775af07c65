"""The callback sender: what the platform tells the product, hidden and signed, by an outbox."""

from homeground.sandbox.services.callbacks.outbox import JOB, forget_old, send_due, tell, tell_raw, telling, try_again
from homeground.sandbox.services.callbacks.sending import address_of, change_address, check_address

__all__ = [
    "JOB", "address_of", "change_address", "check_address", "forget_old", "send_due", "tell", "tell_raw", "telling",
    "try_again",
]  # fmt: skip
