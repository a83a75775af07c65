"""What this room refuses."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class TokenNameTaken(BusinessError):
    """A token of that name exists, revoked or not: names stay unique so that a log line means one token."""

    def __init__(self, name: str) -> None:
        super().__init__(_("已有名为 %(name)s 的令牌，请换一个名称。") % {"name": name})


class BadTokenName(BusinessError):
    def __init__(self, longest: int) -> None:
        super().__init__(_("令牌名称需为 1 至 %(longest)s 个可见字符。") % {"longest": longest})


class UnknownScope(BusinessError):
    def __init__(self, scope: str, known: list[str]) -> None:
        super().__init__(
            _("没有 %(scope)s 这个权限范围，可用的是：%(known)s。")
            % {"scope": scope or "''", "known": ", ".join(known)}
        )


class NoSuchToken(BusinessError):
    def __init__(self, name: str) -> None:
        super().__init__(_("没有名为 %(name)s 的有效令牌。") % {"name": name})


class BadToken(BusinessError):
    """Missing, unknown, revoked, or without the scope. One sentence for all: it tells a stranger nothing."""

    def __init__(self) -> None:
        super().__init__(_("令牌无效，或没有所需的权限范围。"))
