"""客户群: every write to group chats and their members, in sets. Callbacks and the sync both come here."""

from homeground.wecom.services.groups.keeping import GroupRead, keep_groups
from homeground.wecom.services.groups.leaving import Leaving, dismiss, dismiss_unseen, leave

__all__ = ["GroupRead", "Leaving", "dismiss", "dismiss_unseen", "keep_groups", "leave"]
