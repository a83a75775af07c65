"""Every write of this room: sending, receipts, opt-outs, and the channels themselves."""

from homeground.channels.messages import Outcome, Outgoing
from homeground.channels.services.channels import configure, install_defaults, switch
from homeground.channels.services.sending import known, send

__all__ = ["Outcome", "Outgoing", "configure", "install_defaults", "known", "send", "switch"]
