"""How long an MP4 film runs, read from its own header: bounded, nothing is decoded."""

import struct
from collections.abc import Iterator

_MOST_BOXES = 200  # At one level; a film has a dozen.


def seconds_of(content: bytes) -> float | None:
    """The length by the movie header (ISO 14496-12, `moov/mvhd`); None where it cannot be read."""
    for kind, start, end in _boxes(content, 0, len(content)):
        if kind == b"moov":
            for inner, first, last in _boxes(content, start, end):
                if inner == b"mvhd":
                    return _length(content[first:last])
    return None


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for _box in range(_MOST_BOXES):
        if at + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1 and at + 16 <= end:
            size, head = struct.unpack_from(">Q", content, at + 8)[0], 16
        size = size or end - at
        if size < head or at + size > end:
            return
        yield kind, at + head, at + size
        at += size


def _length(header: bytes) -> float | None:
    form = ">II" if header[:1] == b"\x00" else ">IQ"
    at = 12 if header[:1] == b"\x00" else 20
    if len(header) < at + struct.calcsize(form):
        return None
    scale, duration = struct.unpack_from(form, header, at)
    return float(duration / scale) if scale else None
