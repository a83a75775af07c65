"""The one table of the API: path → method, fields, and the small function that answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from homeground.sandbox.models import App, Corp
from homeground.sandbox.services.wecom.fields import Field, Given

Answer = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file in a request."""

    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Blob:
    """A file as the answer."""

    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Caller:
    """Who asks, when by the corp's clock, and under which address of ours."""

    corp: Corp
    app: App
    at: datetime
    base: str
    upload: Upload | None = field(default=None, repr=False)

    @property
    def stamp(self) -> int:
        """This moment as the platform writes moments."""
        return int(self.at.timestamp())

    def ago(self, **spans: float) -> datetime:
        """A moment before now, like ago(days=90)."""
        return self.at - timedelta(**spans)


Function = Callable[[Caller, Given], Answer | Blob]


@dataclass(frozen=True)
class Endpoint:
    """One API."""

    path: str
    method: str
    fields: tuple[Field, ...]
    answer: Function
    needs_token: bool = True
    per_minute: int | None = None  # Where the platform's limit differs from the corp's.
    per_hour: int | None = None


ENDPOINTS: dict[str, Endpoint] = {}


def get(path: str, *fields: Field, **more: Any) -> Callable[[Function], Function]:
    """Register a function that answers GET of a path below cgi-bin/."""
    return _register("GET", path, fields, more)


def post(path: str, *fields: Field, **more: Any) -> Callable[[Function], Function]:
    """Register a function that answers POST of a path below cgi-bin/."""
    return _register("POST", path, fields, more)


def _register(
    method: str, path: str, fields: tuple[Field, ...], more: Mapping[str, Any]
) -> Callable[[Function], Function]:
    def keep(answer: Function) -> Function:
        ENDPOINTS[path] = Endpoint(path, method, fields, answer, **more)
        return answer

    return keep
