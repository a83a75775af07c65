"""How a file is to be read: settled once, before a row is touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from homeground.ingest.errors import (
    BadMapping,
    MissingField,
    PresetOfOtherKind,
    UnknownColumn,
    UnknownCurrency,
    UnknownField,
    UnknownPreset,
    UnknownTimeZone,
)
from homeground.ingest.files.currencies import CURRENCIES
from homeground.ingest.files.presets import CONSENT, FIELDS, IDENTITIES, NEEDED, PRESETS, Preset
from homeground.people.models import Consent
from homeground.people.queries import brand


@dataclass(frozen=True)
class Wish:
    """What the operator asked for; the rest is the preset's, the brand's, or the columns' own names."""

    kind: str
    preset: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # Field → column.
    currency: str | None = None
    time_zone: str | None = None
    date_format: str | None = None  # As strptime has it, for dates like 31/12/2010.
    is_complete: bool = False  # These columns and no others: the rest was left out on purpose.


@dataclass(frozen=True)
class Reading:
    """A wish that fits its file."""

    kind: str
    columns: Mapping[str, str]
    currency: str
    time_zone: str
    date_format: str | None
    order_kinds: Mapping[str, str]

    @property
    def identities(self) -> list[str]:
        """The kinds of identity that the file has columns for."""
        return [kind for kind in IDENTITIES if kind in self.columns]


def mapping(text: str) -> dict[str, str]:
    """field=Column,field=Column. Raises BadMapping."""
    pairs = [pair.partition("=") for pair in text.split(",")] if text.strip() else []
    for name, equals, column in pairs:
        if not name.strip() or not equals or not column.strip():
            raise BadMapping(f"{name}{equals}{column}")
    return {name.strip(): column.strip() for name, _equals, column in pairs}


def settled(wish: Wish, found: Sequence[str]) -> Reading:
    """The reading of a file with these columns. Raises the refusal that names what is wrong."""
    preset = _preset(wish)
    columns = _columns(wish, preset, found)
    _check(wish.kind, columns, found)
    return Reading(
        kind=wish.kind,
        columns=columns,
        currency=_currency(wish.currency or preset.currency or brand().currency),
        time_zone=_zone(wish.time_zone or preset.time_zone or brand().time_zone),
        date_format=wish.date_format,
        order_kinds=preset.order_kinds,
    )


def _columns(wish: Wish, preset: Preset, found: Sequence[str]) -> dict[str, str]:
    if wish.is_complete:
        return dict(wish.columns)
    return {name: name for name in FIELDS[wish.kind] if name in found} | dict(preset.columns) | dict(wish.columns)


def _preset(wish: Wish) -> Preset:
    if wish.preset is None:
        return Preset(wish.kind, {})
    if wish.preset not in PRESETS:
        raise UnknownPreset(wish.preset, sorted(PRESETS))
    preset = PRESETS[wish.preset]
    if preset.kind != wish.kind:
        raise PresetOfOtherKind(wish.preset, preset.kind)
    return preset


def _check(kind: str, columns: Mapping[str, str], found: Sequence[str]) -> None:
    for name, column in columns.items():
        if not _is_field(kind, name):
            raise UnknownField(name, [*FIELDS[kind], *_more(kind)])
        if column not in found:
            raise UnknownColumn(column, list(found))
    missing = [name for name in NEEDED[kind] if name not in columns]
    if kind != "orders" and not set(columns) & set(IDENTITIES):
        missing.append("|".join(IDENTITIES))
    if missing:
        raise MissingField(missing, list(found))


def _is_field(kind: str, name: str) -> bool:
    if name in FIELDS[kind]:
        return True
    if name.startswith(CONSENT):
        purpose, _, channel = name.removeprefix(CONSENT).partition(":")
        return kind == "customers" and purpose in Consent.Purpose.values and bool(channel)
    return kind == "customers" and name.replace("_", "").replace("-", "").isalnum() and len(name) <= 60


def _more(kind: str) -> list[str]:
    purposes = "|".join(Consent.Purpose.values)
    return [f"{CONSENT}<{purposes}>:<channel or *>", "<attribute>"] if kind == "customers" else []


def _currency(code: str) -> str:
    if code.upper() not in CURRENCIES:
        raise UnknownCurrency(code)
    return code.upper()


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, OSError, ValueError):  # None of that name, a folder, or a path.
        raise UnknownTimeZone(name) from None
