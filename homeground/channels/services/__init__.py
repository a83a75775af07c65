"""Every write of this room: sending, receipts, clicks, opt-outs, and the channels themselves."""

from homeground.channels.messages import Outcome, Outgoing
from homeground.channels.services.channels import configure, install_defaults, is_ready, switch, switch_on_wecom
from homeground.channels.services.sending import known, send, send_test, shared_text

__all__ = [
    "Outcome", "Outgoing", "configure", "install_defaults", "is_ready", "known", "send", "send_test",
    "shared_text", "switch", "switch_on_wecom",
]  # fmt: skip
