"""What a request may carry, declared: name, type, whether it must be there, limits, and the code for each fault.

Limits named `chars` count characters and `size` counts UTF-8 bytes; the platform knows both.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeground.sandbox.services.wecom.refusals import Refused

WRONG = 40058  # Invalid parameter; the text names the field.
Given = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One parameter. needed: the code when it is missing; 0 when it need not be there. Then default stands in."""

    name: str
    check: Callable[[str, Any], Any]
    needed: int = 0
    default: Any = None


def read(given: Mapping[str, Any], fields: Iterable[Field]) -> Given:
    """The parameters, checked, each by its name; what was not given has its default. Raises Refused."""
    return {field.name: _read(field, given.get(field.name)) for field in fields}


def _read(field: Field, value: Any) -> Any:
    if value is None or (field.needed and value in ("", [], {})):
        if field.needed:
            raise Refused(field.needed, f"missing parameter {field.name}")
        return field.default
    return field.check(field.name, value)


def text(
    name: str,
    *,
    chars: int = 0,
    size: int = 0,
    needed: int = 0,
    wrong: int = WRONG,
    among: Sequence[str] = (),
    default: str | None = None,
) -> Field:
    """A string of at most so many characters and bytes, or one of a few."""

    def check(label: str, value: Any) -> str:
        if not isinstance(value, str) or (among and value not in among):
            raise Refused(wrong, f"invalid {label}")
        if (chars and len(value) > chars) or (size and len(value.encode()) > size):
            raise Refused(wrong, f"{label} exceeds its limit")
        return value

    return Field(name, check, needed, default)


def number(
    name: str,
    *,
    least: int = 0,
    most: int = 2**31 - 1,
    needed: int = 0,
    wrong: int = WRONG,
    among: Sequence[int] = (),
    default: int | None = None,
) -> Field:
    """A whole number; digits in a string are taken too, since clients send such."""

    def check(label: str, value: Any) -> int:
        whole = _whole(value)
        if whole is None or not least <= whole <= most or (among and whole not in among):
            raise Refused(wrong, f"invalid {label}")
        return whole

    return Field(name, check, needed, default)


def page_size(default: int, most: int, *, over: int | None = None) -> Field:
    """`limit`: one above the most is taken as `over`, which is the most unless told."""

    def check(label: str, value: Any) -> int:
        whole = _whole(value)
        if whole is None or whole < 0:
            raise Refused(WRONG, f"invalid {label}")
        return (over or most) if whole > most else whole or default

    return Field("limit", check, 0, default)


def flag(name: str, *, default: bool | None = None) -> Field:
    """true or false, or 1 or 0."""

    def check(label: str, value: Any) -> bool:
        if value not in (True, False):
            raise Refused(WRONG, f"invalid {label}")
        return bool(value)

    return Field(name, check, 0, default)


def texts(
    name: str,
    *,
    most: int = 0,
    chars: int = 64,
    needed: int = 0,
    wrong: int = WRONG,
    too_many: int = WRONG,
    default: Sequence[str] | None = None,
) -> Field:
    """A list of strings, each once, in order."""

    def check(label: str, value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(one, str) and len(one) <= chars for one in value):
            raise Refused(wrong, f"invalid {label}")
        if most and len(value) > most:
            raise Refused(too_many, f"{label} exceeds {most} items")
        return list(dict.fromkeys(value))

    return Field(name, check, needed, default)


def numbers(name: str, *, most: int = 0, needed: int = 0, default: Sequence[int] | None = None) -> Field:
    """A list of whole numbers."""

    def check(label: str, value: Any) -> list[int]:
        whole = [_whole(one) for one in value] if isinstance(value, list) else [None]
        checked = [one for one in whole if one is not None and 0 <= one < 2**31]
        if len(checked) < len(whole) or (most and len(checked) > most):
            raise Refused(WRONG, f"invalid {label}")
        return checked

    return Field(name, check, needed, default)


def thing(name: str, *fields: Field, needed: int = 0) -> Field:
    """An object; with fields, read by them, without, as it came."""

    def check(label: str, value: Any) -> Given:
        if not isinstance(value, dict):
            raise Refused(WRONG, f"invalid {label}")
        return read(value, fields) if fields else value

    return Field(name, check, needed)


def things(name: str, *fields: Field, most: int = 0, needed: int = 0, too_many: int = WRONG) -> Field:
    """A list of objects; with fields, each read by them."""

    def check(label: str, value: Any) -> list[Given]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise Refused(WRONG, f"invalid {label}")
        if most and len(value) > most:
            raise Refused(too_many, f"{label} exceeds {most} items")
        return [read(one, fields) if fields else one for one in value]

    return Field(name, check, needed)


def moment(name: str, *, needed: int = 0) -> Field:
    """A moment as Unix seconds."""
    return number(name, most=2**33, needed=needed)


CURSOR = text("cursor", size=4096, wrong=50100, default="")


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return None
