"""What the console refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class TooManyAttempts(BusinessError):
    """Too many wrong passwords of one account or one address."""

    def __init__(self, minutes: int) -> None:
        super().__init__(_("密码错误次数过多，请 %(minutes)s 分钟后再试。") % {"minutes": minutes})


class WrongPassword(BusinessError):
    """The same sentence for an account that does not exist: it must not tell which do."""

    def __init__(self) -> None:
        super().__init__(_("账号或密码不对，请检查后再试。"))


class UserExists(BusinessError):
    """The name is taken."""

    def __init__(self, name: str) -> None:
        super().__init__(_("账号 %(name)s 已存在，请换一个名字。") % {"name": name})


class NoSuchUser(BusinessError):
    """Nobody has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("没有账号 %(name)s。用 homeground users list 查看全部账号。") % {"name": name})


class NoSuchRole(BusinessError):
    """Not one of our roles."""

    def __init__(self, role: str, roles: Sequence[str]) -> None:
        super().__init__(_("没有角色 %(role)s，可选：%(roles)s。") % {"role": role, "roles": _("、").join(roles)})


class WeakPassword(BusinessError):
    """The password breaks a rule; the rules say which."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))


class LastOwner(BusinessError):
    """Somebody must stay who may do everything."""

    def __init__(self) -> None:
        super().__init__(_("这是最后一位负责人，请先指定另一位负责人。"))
