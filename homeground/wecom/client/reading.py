"""How fields of an answer are read: leniently, since samples and answers differ in small things."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, and the cursor of the next; empty: this was the last."""

    items: tuple[T, ...]
    next_cursor: str = ""


def rows(answer: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; a list that is absent or null is empty."""
    return (row for row in answer.get(name) or [] if isinstance(row, Mapping))


def texts(answer: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(str(value) for value in answer.get(name) or [])


def text(answer: Mapping[str, Any], name: str) -> str:
    """A text; absent or null is empty."""
    value = answer.get(name)
    return "" if value is None else str(value)


def userid(answer: Mapping[str, Any], name: str = "userid") -> str:
    """A member's id in lower case: the platform ignores its case, and some answers come in lower case."""
    return text(answer, name).lower()


def userids(values: Sequence[object]) -> tuple[str, ...]:
    """Members' ids in lower case."""
    return tuple(str(value).lower() for value in values)


def number(answer: Mapping[str, Any], name: str) -> int:
    """A whole number; absent or unreadable is 0. Some come as texts."""
    try:
        return int(answer.get(name) or 0)
    except (TypeError, ValueError):
        return 0


def block(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object; absent is empty."""
    value = answer.get(name)
    return value if isinstance(value, Mapping) else {}


def moment(answer: Mapping[str, Any], name: str) -> datetime | None:
    """A moment given in Unix seconds; absent or 0 is None."""
    seconds = number(answer, name)
    return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None


def seconds(at: datetime) -> int:
    """A moment as the platform takes it."""
    return int(at.timestamp())


def given(**fields: Any) -> dict[str, Any]:
    """The fields that are not None: the platform reads a null as a wrong value."""
    return {name: value for name, value in fields.items() if value is not None}
