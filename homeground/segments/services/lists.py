"""Static lists: from what a rule says now, or from a file of identities."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events import warehouse
from homeground.people.identities import STRENGTH, normalise
from homeground.segments.errors import ListRefused, SlugTaken
from homeground.segments.models import Segment
from homeground.segments.queries import SQL, slugs_used
from homeground.segments.services.keeping import RESERVED, checked
from homeground.segments.services.refreshing import lease, publish, refresh, release_on_failure

_CHUNK = 20_000
Pair = tuple[str, str]


@dataclass(frozen=True)
class Listed:
    """What became of a file: its rows, and how many of them were no identity, or nobody's."""

    segment: Segment
    rows: int
    malformed: int
    unknown: int


def create_list_from_rule(
    *, slug: str, name: str, rule: Any, link: str = "", created_by: str = "", at: datetime | None = None
) -> Segment:
    """A list of those for whom the rule holds now; the rule is kept to show where it came from.

    Raises RuleRefused, SegmentCycle, SlugTaken; then nothing is kept.
    """
    segment = _new(slug, name, link, created_by, checked(rule, slug))
    try:
        refresh(segment, at)
    except Exception:
        segment.delete()
        raise
    return segment


def create_list(
    *, slug: str, name: str, lines: Iterable[str], link: str = "", created_by: str = "", at: datetime | None = None
) -> Listed:
    """A list of those whom the rows of a CSV name; streams, so that its size does not matter.

    lines: a header, then one identity a row - one column named for its kind (phone, email, member_no …), or two
        named kind and value. Rows that are no identity, or nobody's, are counted and left out.
    Raises ListRefused for a file without such a header, SlugTaken; then nothing is kept.
    """
    started = perf_counter()
    pairs = _opened(lines)
    segment = _new(slug, name, link, created_by, None)
    try:
        number = lease(segment)
        with release_on_failure(segment, number):
            counts = _fill(segment, number, pairs)
            publish(segment, number, at or time.now(), perf_counter() - started)
    except (UnicodeDecodeError, csv.Error) as error:
        segment.delete()
        raise ListRefused(_("文件不是 UTF-8 的 CSV：%(error)s") % {"error": error}) from error
    except Exception:
        segment.delete()
        raise
    return Listed(segment, **counts)


def _new(slug: str, name: str, link: str, created_by: str, rule: Any) -> Segment:
    if slug in RESERVED or slugs_used([slug]):
        raise SlugTaken(slug)
    with transaction.atomic():
        return Segment.objects.create(
            slug=slug, name=name, link=link, created_by=created_by, rule=rule, is_dynamic=False
        )


def _opened(lines: Iterable[str]) -> Iterator[Pair]:
    try:
        return _pairs(csv.reader(lines))
    except (UnicodeDecodeError, csv.Error) as error:  # Already in the first line.
        raise ListRefused(_("文件不是 UTF-8 的 CSV：%(error)s") % {"error": error}) from error


def _pairs(reader: Iterator[list[str]]) -> Iterator[Pair]:
    header = [cell.strip().lstrip("\ufeff").lower() for cell in next(reader, [])]
    if {"kind", "value"} <= set(header):
        kind_at, value_at = header.index("kind"), header.index("value")
        return ((_cell(row, kind_at), _cell(row, value_at)) for row in reader if row)
    kinds = [(at, name) for at, name in enumerate(header) if name in STRENGTH]
    if not kinds:
        raise ListRefused(
            _("第一行应写明列名：%(kinds)s 之一，或 kind 和 value 两列") % {"kinds": _("、").join(sorted(STRENGTH))}
        )
    at, kind = kinds[0]
    return ((kind, _cell(row, at)) for row in reader if row)


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _fill(segment: Segment, number: int, pairs: Iterator[Pair]) -> dict[str, int]:
    seen: set[int] = set()
    counts = {"rows": 0, "malformed": 0, "unknown": 0}
    while chunk := list(islice(pairs, _CHUNK)):
        named = {(kind, value) for kind, given in chunk if (value := normalise(kind, given))}
        found = _customers(named)
        counts["rows"] += len(chunk)
        counts["malformed"] += sum(1 for kind, given in chunk if not normalise(kind, given))
        counts["unknown"] += len(named) - len(found)
        fresh = sorted(set(found) - seen)
        seen |= set(fresh)
        _insert(segment.pk, number, fresh)
    return counts


def _customers(named: set[Pair]) -> list[int]:
    """The customer of each identity that is somebody's, as they are now."""
    kinds, values = zip(*named, strict=True) if named else ((), ())
    with connection.cursor() as cursor:
        cursor.execute((SQL / "identified.sql").read_text(), {"kinds": list(kinds), "values": list(values)})
        return [row[0] for row in cursor.fetchall()]


def _insert(segment_id: int, number: int, customers: list[int]) -> None:
    if customers:
        columns = [[segment_id] * len(customers), [number] * len(customers), customers]
        names = ["segment_id", "generation", "customer_id"]
        warehouse.insert("segment_members", names, columns, by_column=True)
