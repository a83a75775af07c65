"""A campaign that goes to customer groups, as pages and programs read it: group by group, and by owner."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.journeys.models import Campaign, GroupReason, GroupState

_SQL = Path(__file__).parent.parent / "sql" / "groups"
_FATES = (_SQL / "fates.sql").read_text()
_CAME = (_SQL / "came.sql").read_text()
_CUSTOMERS = """
SELECT DISTINCT unnest(customer_ids) FROM journeys_grouptouch
WHERE campaign_id = %(campaign_id)s AND state <> 'held_out'
"""
_RECEIVED = (_SQL / "received.sql").read_text()
_LEFT = (_SQL / "left.sql").read_text()
# Held out, left out, then as far as they came.
_ORDER = (
    GroupState.HELD_OUT, GroupState.SUPPRESSED, GroupState.QUEUED, GroupState.DEFERRED, "assigned", "delivered",
    "failed", "unknown",
)  # fmt: skip
_REASONS = [*GroupReason.values, "not_confirmed", "refused", "over_quota", "not_sent"]


@dataclass(frozen=True)
class GroupFate:
    """One group of a campaign, and where it stands. state: of GroupState, or assigned, delivered, failed, unknown."""

    touch_id: int
    chat_id: int
    title: str
    owner_id: int | None
    owner: str
    customers: int
    state: str
    reason: str
    detail: dict[str, Any] | None
    sent_at: datetime | None
    due_at: datetime

    @property
    def line(self) -> str:
        """The name of its line of the ledger in addresses: suppressed.no_owner, delivered."""
        return ".".join(part for part in (self.state, self.reason) if part)


_COLUMNS = [column.name for column in fields(GroupFate)]


@dataclass(frozen=True)
class GroupLine:
    """One line of the ledger of groups: of one state and reason. customers: places, a person may be in several."""

    state: str
    reason: str
    groups: int
    customers: int

    @property
    def slug(self) -> str:
        return ".".join(part for part in (self.state, self.reason) if part)


@dataclass(frozen=True)
class GroupLedger:
    """All groups of a campaign, each in exactly one line."""

    lines: Sequence[GroupLine]

    @property
    def groups(self) -> int:
        return sum(line.groups for line in self.lines)

    @property
    def treated(self) -> int:
        """Meant to get it, whatever came of it."""
        return self.groups - self.of(GroupState.HELD_OUT)

    @property
    def waiting(self) -> int:
        """Still to be placed."""
        return self.of(GroupState.QUEUED, GroupState.DEFERRED)

    @property
    def assigned(self) -> int:
        """With owners, who have not confirmed."""
        return self.of("assigned")

    @property
    def reached(self) -> int:
        return self.of("delivered")

    def of(self, *states: str) -> int:
        """How many groups stand in these states."""
        return sum(line.groups for line in self.lines if line.state in states)


@dataclass(frozen=True)
class Leaving:
    """Members from outside at the freeze, and those of them who were gone by the end of the window, or are by now."""

    members: int = 0
    left: int = 0


def fates(campaign_id: int) -> list[GroupFate]:
    """Every group of a campaign with where it stands now, by name; empty before the freeze."""
    with connection.cursor() as cursor:
        cursor.execute(_FATES, {"campaign_id": campaign_id})
        return [_fate(*row) for row in cursor.fetchall()]


def group_ledger(campaign_id: int) -> GroupLedger:
    """The ledger of groups of a campaign; empty before the freeze."""
    found = fates(campaign_id)
    pairs = sorted({(one.state, one.reason) for one in found}, key=_place)
    lines = [_line(pair, [one for one in found if (one.state, one.reason) == pair]) for pair in pairs]
    return GroupLedger(lines)


def delivered(campaign_ids: Sequence[int]) -> dict[int, int]:
    """How many groups each campaign to groups was delivered to; others are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVED, {"campaign_ids": list(campaign_ids)})
        return dict(cursor.fetchall())


def came(campaign: Campaign) -> dict[int, tuple[int, int]]:
    """By owner: groups in which somebody wrote soon after, and groups of which somebody bought in the window."""
    assert campaign.frozen_at
    until = campaign.frozen_at + timedelta(days=campaign.window_days)
    with connection.cursor() as cursor:
        cursor.execute(_CAME, {"campaign_id": campaign.pk, "until": until})
        return {staff: (wrote, bought) for staff, wrote, bought in cursor.fetchall()}


def leavers(campaign: Campaign) -> tuple[Leaving, Leaving]:
    """Who left the groups since the freeze, the harm beside the gain: of groups meant to get it, of those held out."""
    assert campaign.frozen_at
    until = campaign.frozen_at + timedelta(days=campaign.window_days)
    params: dict[str, Any] = {"campaign_id": campaign.pk, "frozen_at": campaign.frozen_at, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, params)
        found = {is_held: Leaving(*counts) for is_held, *counts in cursor.fetchall()}
    return found.get(False, Leaving()), found.get(True, Leaving())


def customers_of(campaign_id: int) -> list[int]:
    """The customers in the groups that were meant to get it, as frozen, each once."""
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, {"campaign_id": campaign_id})
        return [customer for (customer,) in cursor.fetchall()]


def _fate(*row: Any) -> GroupFate:
    return GroupFate(**dict(zip(_COLUMNS, row, strict=True)) | {"detail": json.loads(row[8] or "null")})


def _line(pair: tuple[str, str], found: Sequence[GroupFate]) -> GroupLine:
    return GroupLine(*pair, len(found), sum(one.customers for one in found))


def _place(pair: tuple[str, str]) -> tuple[int, int]:
    state, reason = pair
    return _ORDER.index(state), _REASONS.index(reason) if reason in _REASONS else -1
