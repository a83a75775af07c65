"""Drawing people: the same seed draws the same ones. Columns, not rows: 300,000 contacts in seconds."""

import base64
from hashlib import blake2b

import numpy as np
from numpy.random import Generator

from homeground.sandbox.services.simulating import words

_MOBILES = ("130", "135", "136", "137", "138", "139", "150", "151", "158", "177", "180", "186", "188", "189")
_REMARK_MOST = 20  # Characters, the platform's limit.


def coded(prefix: str, seed: int, kind: str, count: int) -> list[str]:
    """Ids that look like the platform's: the same for the same seed, kind and place."""
    salt = f"{seed}:{kind}:".encode()
    digests = (blake2b(salt + b"%d" % number, digest_size=21).digest() for number in range(count))
    return [prefix + base64.urlsafe_b64encode(digest).decode() for digest in digests]


def real_names(draw: Generator, count: int) -> tuple[list[str], list[int]]:
    """Names as staff write them down, and genders (1 male, 2 female; three customers in four are women)."""
    surnames = picked(draw, words.SURNAMES, count, is_top_heavy=True)
    genders = np.where(draw.random(count) < 0.75, 2, 1).tolist()
    women, men = picked(draw, words.GIVEN_WOMEN, count), picked(draw, words.GIVEN_MEN, count)
    given = [woman if gender == 2 else man for woman, man, gender in zip(women, men, genders, strict=True)]
    return [surname + name for surname, name in zip(surnames, given, strict=True)], genders


def nicknames(draw: Generator, names: list[str]) -> list[str]:
    """What they call themselves: some by their name, some by a phrase, some in Latin letters."""
    count = len(names)
    kinds = draw.integers(0, 10, count).tolist()
    phrases, latin, marks = (picked(draw, pool, count) for pool in (words.NICKNAMES, words.LATIN, words.MARKS))
    return [
        (name if kind < 3 else f"{one}{name[0]}" if kind == 3 else one if kind < 6 else phrase) + mark
        for kind, name, phrase, one, mark in zip(kinds, names, phrases, latin, marks, strict=True)
    ]


def remarks(draw: Generator, names: list[str]) -> list[str]:
    """What staff call them: nothing, the name, or shop, name and skin."""
    count = len(names)
    kinds = draw.random(count).tolist()
    shops, skins = picked(draw, words.SHOPS, count), picked(draw, words.TAGS["肤质"], count)
    return [
        "" if kind < 0.3 else name if kind < 0.7 else f"{shop}-{name}-{skin}"[:_REMARK_MOST]
        for kind, name, shop, skin in zip(kinds, names, shops, skins, strict=True)
    ]


def mobiles(draw: Generator, count: int) -> list[str]:
    """A number for each."""
    heads = picked(draw, list(_MOBILES), count)
    tails = draw.integers(0, 10**8, count).tolist()
    return [f"{head}{tail:08d}" for head, tail in zip(heads, tails, strict=True)]


def picked(draw: Generator, pool: list[str], count: int, *, is_top_heavy: bool = False) -> list[str]:
    """Draw with replacement; top heavy: the first are the most frequent."""
    weights = 1 / np.arange(3, len(pool) + 3) if is_top_heavy else np.ones(len(pool))
    chosen = draw.choice(len(pool), count, p=weights / weights.sum())
    return [pool[index] for index in chosen.tolist()]
