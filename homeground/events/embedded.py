"""Who owns the embedded event store. chDB opens a folder in one process only, so one process of a data folder owns it
(a flock that the system releases when the process dies); it may let its siblings in through a door (door.py)."""

import fcntl
import json
import os
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from homeground.core.env import made_folder


@dataclass(frozen=True)
class Address:
    """Where the owner's door is, and what it wants to hear."""

    port: int
    password: str


_guard = threading.Lock()
_held: int | None = None  # The lock file, open until the process ends.


def engine_folder() -> Path:
    """Where chDB keeps its files."""
    return made_folder() / "events"


def own() -> bool:
    """Make this process the owner unless another one is. Harmless to repeat; it lasts until the process ends."""
    global _held
    with _guard:
        if _held is None:
            _held = _lock()
            if _held is not None:
                withdraw()  # An owner that died left its address.
    return _held is not None


def announce(address: Address) -> None:
    """Tell the siblings where the door is. Only this system user can read it."""
    place = _door_file()
    draft = place.with_suffix(".new")
    with suppress(FileNotFoundError):
        draft.unlink()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(address), file)
    draft.rename(place)


def withdraw() -> None:
    """Take the address away."""
    with suppress(FileNotFoundError):
        _door_file().unlink()


def address() -> Address | None:
    """Where the owner's door is; None while it has none."""
    try:
        return Address(**json.loads(_door_file().read_text()))
    except FileNotFoundError:
        return None


def _lock() -> int | None:
    file = os.open(made_folder() / "events.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def _door_file() -> Path:
    return made_folder() / "events.door"
