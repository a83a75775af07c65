"""Mass sends: placed with the platform once, confirmed by members of staff, read back by polling.

A send is written with all its recipients and committed before the platform is asked. What became of the question is
written next; when nobody can tell, the send is `unknown` until `reconcile` finds it, or does not, in the platform's
own record. It is never asked for again.
"""

from homeground.wecom.services.mass_sends.personal import read_others
from homeground.wecom.services.mass_sends.placing import fates, place, refused
from homeground.wecom.services.mass_sends.polling import poll
from homeground.wecom.services.mass_sends.reconciling import reconcile
from homeground.wecom.services.mass_sends.reminding import remind
from homeground.wecom.services.mass_sends.withdrawing import cancel, withdraw_campaign

__all__ = [
    "cancel", "fates", "place", "poll", "read_others", "reconcile", "refused", "remind", "withdraw_campaign",
]  # fmt: skip
