"""From the bytes of a request to what JSON says, within bounds whatever the bytes are."""

import json
import zlib
from dataclasses import dataclass
from typing import Any

import orjson

from homeground.ingest.protocols.limits import BODY_BYTES
from homeground.ingest.protocols.problems import BadBody

_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib: expect a gzip header.


@dataclass(frozen=True)
class Body:
    """A parsed request."""

    document: Any
    is_clean: bool  # No NUL, no lone surrogate, no NaN, no number beyond 64 bits: values can be stored as they are.


def parse(raw: bytes) -> Body:
    """Read a body: JSON, perhaps in gzip, whatever its headers say. Raises BadBody."""
    if len(raw) > BODY_BYTES:
        raise _too_large()
    text = (_inflate(raw) if raw[:2] == _GZIP else raw).removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise BadBody("empty_body", "the body is empty; a JSON object is wanted")
    try:
        return Body(orjson.loads(text), is_clean=b"\\u0000" not in text)
    except orjson.JSONDecodeError:
        return Body(_parse_leniently(text), is_clean=False)


def _inflate(raw: bytes) -> bytes:
    """Unpack gzip, never holding more than the limit: a bomb is refused before it goes off."""
    found = bytearray()
    while raw:
        inflater = zlib.decompressobj(_GZIP_WINDOW)
        try:
            found += inflater.decompress(raw, BODY_BYTES + 1 - len(found))
        except zlib.error as error:
            raise BadBody("bad_gzip", f"the body starts like gzip and cannot be unpacked: {error}") from None
        if len(found) > BODY_BYTES:
            raise _too_large()
        if not inflater.eof:
            raise BadBody("bad_gzip", "the gzip body ends too early")
        raw = inflater.unused_data.lstrip(b"\0")  # Members may follow one another, and be padded.
    return bytes(found)


def _parse_leniently(text: bytes) -> Any:
    """What SDKs send though JSON has no such thing: NaN, half an emoji, numbers beyond 64 bits."""
    try:
        return json.loads(text)
    except UnicodeDecodeError as error:
        raise BadBody("not_utf8", f"the body is not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise BadBody("too_deep", "the JSON is nested too deep") from None
    except json.JSONDecodeError as error:
        raise BadBody("bad_json", f"the body is not JSON: {error}") from None
    except ValueError as error:  # A number of thousands of digits.
        raise BadBody("bad_json", f"the body cannot be read: {error}") from None


def _too_large() -> BadBody:
    return BadBody("too_large", f"the body exceeds {BODY_BYTES:,} bytes after decompression", status=413)
