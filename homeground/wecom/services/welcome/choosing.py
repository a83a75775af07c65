"""欢迎语: what a new friend is answered, asked of whoever knows (room growth), within the platform's 20 seconds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A new friend who may be welcomed. state: what the door gave along. at: when they were added."""

    userid: str
    external_userid: str
    state: str
    at: datetime


@dataclass(frozen=True)
class WelcomeMessage:
    """What is sent. attachments: as the platform takes them."""

    text: str
    attachments: Sequence[Mapping[str, Any]] = ()


Choose = Callable[[Asked], WelcomeMessage | None]


def _nobody(asked: Asked) -> WelcomeMessage | None:
    return None


_choosers: list[Choose] = [_nobody]


def answer_with(choose: Choose) -> Choose:
    """Let this function choose the welcome; None: no welcome. The last one registered counts. It must be quick."""
    _choosers.append(choose)
    return choose


def chosen(asked: Asked) -> WelcomeMessage | None:
    """What the one who knows would send."""
    return _choosers[-1](asked)
