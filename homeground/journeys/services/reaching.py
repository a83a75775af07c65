"""Whom channels reach, by the guard's own terms: an address or an open follow, and what people said of promotions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.channels.kinds import SHARED
from homeground.channels.kinds.wecom import WECOM_MASS
from homeground.channels.models import Channel
from homeground.journeys.graph.nodes import ChooseChannel

SQL = Path(__file__).parent.parent / "sql"
PERSON, REACH = ((SQL / name).read_text() for name in ("person.sql", "reach.sql"))
REMEMBERED = timedelta(days=180)  # What people did on a channel before that says little of what they like now.
_ASKED = (
    "WITH asked AS MATERIALIZED (SELECT row_number() OVER () AS candidate_id, one.id AS root_id, way.channel,"
    " way.place, '' AS relation, true AS is_promotion, NULL::timestamptz AS since"
    " FROM unnest(%(customer_ids)s::bigint[]) AS one (id)"
    " CROSS JOIN unnest(%(channels)s::text[]) WITH ORDINALITY AS way (channel, place)), "
)
_JUDGED = f"{_ASKED}{PERSON}, {REACH}, {(SQL / 'walking' / 'channels.sql').read_text()}"
_FIRST = " answered_at DESC NULLS LAST, place"


@dataclass(frozen=True)
class Reach:
    """Whether a channel reaches a customer. reason: off, opted_out, no_consent or no_address; empty: it does.

    answered_at: when the customer last answered, opened or clicked there, where that counts.
    """

    channel: str
    reason: str
    answered_at: datetime | None


def chosen(step: ChooseChannel, customer_ids: Sequence[int], at: datetime) -> dict[int, str]:
    """The first channel of the node that reaches each of these (survivors); whom none reaches is left out."""
    query = f"{_JUDGED} SELECT DISTINCT ON (root_id) root_id, channel FROM judged WHERE reason = '' ORDER BY root_id,"
    with connection.cursor() as cursor:
        cursor.execute(query + _FIRST, _params(step, customer_ids, at))
        return dict(cursor.fetchall())


def reach(step: ChooseChannel, customer_id: int, at: datetime) -> list[Reach]:
    """Each channel of the node for one customer (a survivor), in the order in which they are tried."""
    query = f"{_JUDGED} SELECT channel, reason, answered_at FROM judged ORDER BY"
    with connection.cursor() as cursor:
        cursor.execute(query + _FIRST, _params(step, [customer_id], at))
        return [Reach(*row) for row in cursor.fetchall()]


def _params(step: ChooseChannel, customer_ids: Sequence[int], at: datetime) -> Mapping[str, Any]:
    channels = [way.channel for way in step.ways]
    enabled = list(Channel.objects.filter(slug__in=channels, is_enabled=True))
    return {
        "customer_ids": list(customer_ids),
        "channels": channels,
        "enabled_channels": [channel.slug for channel in enabled],
        "answered_first": step.answered_first,
        "for_promotions": step.for_promotions,
        "since": at - REMEMBERED,
        **reach_of(enabled),
    }


def reach_of(channels: Sequence[Channel]) -> Mapping[str, list[Any]]:
    """What reach.sql needs to know of these channels."""
    shared = [channel for channel in channels if channel.kind in SHARED]
    own = [channel for channel in channels if channel.kind not in SHARED]
    # Who agreed to messages on WeCom sees our Moments there, and who wants none sees none of both.
    masses = list(Channel.objects.filter(kind=WECOM_MASS.slug)) if shared else []
    also = [(one.slug, mass.slug) for one in shared for mass in masses if mass.kind != one.kind]
    addresses = [(channel.slug, kind) for channel in own for kind in channel.address_kinds]
    return {
        "friend_channels": [channel.slug for channel in shared],
        **columns(addresses, "address_channels", "address_kinds"),
        **columns(also, "consent_channels", "consent_slugs"),
    }


def columns(rows: Sequence[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    """Rows as one list a column, as unnest takes them."""
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}
