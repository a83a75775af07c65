"""What the frame of every console page shows. The console, above, says it; this room only asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest


@dataclass(frozen=True)
class Item:
    """One page in the sider."""

    label: str
    url: str
    icon: str
    is_current: bool = False


@dataclass(frozen=True)
class Section:
    """Pages under one heading; without a label they stand at the top."""

    label: str
    items: Sequence[Item]

    @property
    def is_current(self) -> bool:
        return any(item.is_current for item in self.items)


@dataclass(frozen=True)
class Shell:
    """The brand and the pages that this user may open."""

    brand: str = "主场"
    time_zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    sections: Sequence[Section] = field(default_factory=list)

    @property
    def current(self) -> tuple[Section, Item] | None:
        """The page we are on, with its section; None when it stands in no section."""
        pairs = ((section, item) for section in self.sections for item in section.items)
        return next((pair for pair in pairs if pair[1].is_current), None)


Provider = Callable[[HttpRequest], Shell]
_provider: Provider = lambda request: Shell()  # noqa: E731


def provide(provider: Provider) -> None:
    """Say who knows the brand and the pages. The console does, when it starts."""
    global _provider
    _provider = provider


def shell_of(request: HttpRequest) -> Shell:
    """The frame of this request's page, asked for once."""
    if not hasattr(request, "homeground_shell"):
        request.homeground_shell = _provider(request)  # type: ignore[attr-defined]
    shell: Shell = request.homeground_shell  # type: ignore[attr-defined]
    return shell
