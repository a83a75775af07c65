"""What this room refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class RuleRefused(BusinessError):
    """A rule that cannot be used, with the path of the node that is wrong."""

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(_("规则 %(path)s：%(reason)s") % {"path": path or "$", "reason": reason})


class SegmentCycle(BusinessError):
    """A segment that would contain itself."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(_("人群不能包含它自己：%(path)s") % {"path": " → ".join(path)})


class SegmentInUse(BusinessError):
    """A segment that others stand on."""

    def __init__(self, users: Sequence[str]) -> None:
        super().__init__(_("这个人群正在被使用，请先修改：%(users)s") % {"users": _("、").join(users)})


class SegmentBusy(BusinessError):
    """A refresh while another one runs."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s”正在计算，请稍后再试") % {"name": name})


class SlugTaken(BusinessError):
    """Two segments would have one name in addresses."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("标识“%(slug)s”已被另一个人群使用，请换一个") % {"slug": slug})


class ListRefused(BusinessError):
    """A file of identities that cannot be a list."""


class SegmentUnknown(BusinessError):
    """A slug that leads nowhere."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("没有标识为“%(slug)s”的人群") % {"slug": slug})


class NotYetInWarehouse(BusinessError):
    """A customer whom the warehouse has not heard of."""

    def __init__(self) -> None:
        super().__init__(_("这位客户的资料还没有写进数据仓库，请过几秒再试"))


class ListHasNoRule(BusinessError):
    """A list from a file that should be explained by its rule."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s”是文件导入的名单，没有规则可以解释") % {"name": name})


class ListIsFixed(BusinessError):
    """A static list that should be computed again."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s”是固定名单，不会重新计算；请新建一个名单") % {"name": name})
