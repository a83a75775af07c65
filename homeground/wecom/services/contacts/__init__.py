"""外部联系人与跟进: every write to contacts and follows, in sets. Callbacks and the sync both come here."""

from homeground.wecom.services.contacts.ending import Ending, end_follows, end_unseen
from homeground.wecom.services.contacts.keeping import Friend, identified, keep, keep_details
from homeground.wecom.services.contacts.talks import note_talks

__all__ = [
    "Ending", "Friend", "end_follows", "end_unseen", "identified", "keep", "keep_details", "note_talks",
]  # fmt: skip
