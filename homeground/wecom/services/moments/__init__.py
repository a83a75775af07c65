"""Moments: posts placed with the platform once, published by members by hand, read back by polling.

A campaign's post is seen by its treated customers alone: a corp tag is made for it and put on each of them before the
platform is asked; it is dropped when the post's time is over. Nobody of a holdout ever carries it.
"""

from homeground.wecom.services.moments.marking import drop_tags
from homeground.wecom.services.moments.personal import read_others
from homeground.wecom.services.moments.placing import fates, marked, place, place_for
from homeground.wecom.services.moments.polling import poll
from homeground.wecom.services.moments.reconciling import reconcile
from homeground.wecom.services.moments.withdrawing import cancel, withdraw_campaign

__all__ = [
    "cancel", "drop_tags", "fates", "marked", "place", "place_for", "poll", "read_others", "reconcile",
    "withdraw_campaign",
]  # fmt: skip
