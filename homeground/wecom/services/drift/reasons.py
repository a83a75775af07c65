"""Why something may differ: from the callbacks that came or did not, and from what was synced when."""

from collections.abc import Collection
from datetime import datetime

from homeground.wecom.models import Callback, SyncPart
from homeground.wecom.services.drift.lines import Why


class Reasons:
    """What is known at the time of the comparison."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        done = SyncPart.objects.filter(subject__startswith="contacts:", is_done=True).order_by("run_id")
        rows = done.values_list("subject", "run__started_at")
        self._synced_at = {subject.removeprefix("contacts:"): started_at for subject, started_at in rows}

    def of_friend(self, userid: str, external: str, is_here: bool, waiting: Collection[tuple[str, str]]) -> str:
        """Why a friend is on one side only. waiting: (external_userid, state) of callbacks not handled yet."""
        if (external, Callback.State.WAITING) in waiting:
            return Why.WAITING
        if (external, Callback.State.FAILED) in waiting:
            return Why.FAILED
        if not is_here and userid not in self._synced_at:
            return Why.NOT_SYNCED
        return Why.NO_CALLBACK

    def waiting(self) -> set[tuple[str, str]]:
        """(external_userid or chat_id, state) of every callback that is not handled."""
        found = Callback.objects.exclude(state=Callback.State.HANDLED).exclude(subject="")
        return set(found.values_list("subject", "state"))
