"""What every kind of piece can do."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from homeground.playbooks.pack.wording import Names

Given = Mapping[str, Any]  # A piece as the pack says it, in one language.


@dataclass(frozen=True)
class Making:
    """Around one piece: for whom, when, and what the other pieces are called."""

    pack: str
    names: Names
    language: str
    by: str
    at: datetime


class PieceKind(Protocol):
    """A kind of object that packs install. It is ordinary: its room's pages show and change it."""

    def given(self, document: Mapping[str, Any]) -> Mapping[str, Given]:
        """The pieces of this kind in a worded pack, by local name."""

    def kept(self, given: Given) -> str:
        """What the brand has in its place already, so that none is made; empty: it will be made."""

    def create(self, name: str, given: Given, making: Making) -> int:
        """Make it. Returns its id. Raises the refusal of its room."""

    def state(self, object_id: int) -> Any:
        """What counts of it now, in JSON's types; None: it is gone."""

    def update(self, object_id: int, given: Given, making: Making) -> int:
        """Bring it to what the pack says now; its id, another where rows are never edited. For what nobody edited."""

    def remove(self, object_id: int) -> bool:
        """Take it away; False: something stands on it, so it stays."""

    def label(self, given: Given) -> str:
        """How it is called on screen."""

    def address(self, object_id: int) -> str:
        """Its own page, or the page that lists it."""


def fingerprint(state: Any) -> str:
    """SHA-256 of what counts of an object."""
    text = json.dumps(state, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def free(wanted: str, taken: Any, longest: int) -> str:
    """The name, or with a number behind it where somebody has it. taken: asks whether a name is."""
    number, name = 1, wanted[:longest]
    while taken(name):
        number += 1
        name = f"{wanted[: longest - len(str(number)) - 1]}-{number}"
    return name
