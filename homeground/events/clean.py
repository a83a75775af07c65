"""What the stores cannot hold, taken out in one place: NUL, lone surrogates, NaN, endless numbers and nesting."""

import json
import math
from typing import Any

import orjson

_UNKNOWN = "\ufffd"
_SUSPECT = (b"\\u0000", b"\\ud", b"\\uD")  # Escapes that jsonb may refuse. Pairs are fine, and cleaning keeps them.
_DEEPEST = 100
_WIDEST_BITS = 4096  # Of a whole number.


def text(given: str) -> str:
    """The text as UTF-8 can say it: what it cannot becomes U+FFFD."""
    if given.isascii() and "\0" not in given:
        return given
    plain = given.replace("\0", _UNKNOWN)
    try:
        plain.encode()
    except UnicodeEncodeError:
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain


def json_text(given: Any) -> str:
    """A value, or JSON text made of one, as JSON text that jsonb takes: what it cannot hold becomes U+FFFD or null.

    Raises TypeError when a value is no JSON at all.
    """
    try:
        raw = given.encode() if isinstance(given, str) else orjson.dumps(given)
        if b"\\u" not in raw or not any(escape in raw for escape in _SUSPECT):
            return raw.decode()
    except (TypeError, ValueError, RecursionError):
        pass  # Half a character, a number beyond 64 bits, nesting without end: the slow way.
    return json.dumps(_clean(json.loads(given) if isinstance(given, str) else given), ensure_ascii=False)


def _clean(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return None
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {text(str(key)): _clean(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner, depth + 1) for inner in value]
    return _number(value)


def _number(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and value.bit_length() > _WIDEST_BITS:
        return None
    return value
