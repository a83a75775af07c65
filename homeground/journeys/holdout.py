"""Who is left out on purpose: GrowthBook's published hash, version 2, so that anyone can recompute an arm.

bucket = fnv1a32(str(fnv1a32(seed + value))) % 10000, the value being the customer's id in decimal. The same seed and
id give the same bucket for ever, on every machine.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BUCKETS = 10_000
_OFFSET, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF
_CHUNK = 100_000  # Ids hashed at once: a few MB of scratch.


def fnv1a32(text: str) -> int:
    """FNV-1a, 32 bits, over UTF-16 code units as GrowthBook's JavaScript does it; for ASCII the same as over bytes."""
    return _continue(_OFFSET, text)


def bucket(seed: str, value: str) -> int:
    """0 … 9999, even over values. GrowthBook's hash is this divided by 10,000."""
    return fnv1a32(str(fnv1a32(seed + value))) % BUCKETS


def buckets(seed: str, ids: NDArray[np.int64]) -> NDArray[np.uint32]:
    """bucket(seed, str(id)) for many ids above zero, column-wise: 1 M in about 0.3 s, against 3 s one by one."""
    if not len(ids):
        return np.empty(0, np.uint32)
    start = np.uint32(fnv1a32(seed))
    return np.concatenate([_buckets(start, ids[at : at + _CHUNK]) for at in range(0, len(ids), _CHUNK)])


def drawn(shares: Sequence[tuple[str, int]], places: NDArray[np.uint32]) -> list[str]:
    """Of names with their shares (basis points, 10000 in all) the one that each bucket falls on."""
    ends = np.cumsum([share for _name, share in shares])
    return [shares[at][0] for at in np.minimum(np.searchsorted(ends, places, "right"), len(shares) - 1).tolist()]


def _buckets(start: np.uint32, ids: NDArray[np.int64]) -> NDArray[np.uint32]:
    first = _hash_digits(start, ids.astype(np.uint64))
    return _hash_digits(np.uint32(_OFFSET), first.astype(np.uint64)) % np.uint32(BUCKETS)


def _hash_digits(start: np.uint32, numbers: NDArray[np.uint64]) -> NDArray[np.uint32]:
    # Digits of all numbers from the left, one position a step; shorter numbers begin later.
    hashes = np.full(len(numbers), start, np.uint32)
    lengths = len(str(int(numbers.max())))
    for place in range(lengths - 1, -1, -1):
        power = np.uint64(10**place)
        begun = (numbers >= power) if place else np.ones(len(numbers), bool)
        digit = (numbers // power % np.uint64(10)).astype(np.uint32) + np.uint32(ord("0"))
        hashes = np.where(begun, (hashes ^ digit) * np.uint32(_PRIME), hashes)
    return hashes


def _continue(state: int, text: str) -> int:
    data = text.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(data), 2):
        state = ((state ^ (data[at] | data[at + 1] << 8)) * _PRIME) & _MASK
    return state
