"""The refusals of the people room."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class NoSuchCustomer(BusinessError):
    def __init__(self) -> None:
        super().__init__(_("没有这位客户。"))


class NoSuchMerge(BusinessError):
    def __init__(self) -> None:
        super().__init__(_("没有这次合并，请核对编号。"))


class AlreadyUnmerged(BusinessError):
    def __init__(self) -> None:
        super().__init__(_("这次合并已经撤销过。"))


class AlreadyOnePerson(BusinessError):
    def __init__(self) -> None:
        super().__init__(_("这两位客户已经是同一人。"))


class DoubtAlreadyDecided(BusinessError):
    def __init__(self) -> None:
        super().__init__(_("这条疑似记录已经有人处理过，请刷新页面。"))


class EmptyTag(BusinessError):
    def __init__(self) -> None:
        super().__init__(_("标签名称不能为空，也不能超过 60 个字。"))


class UnknownTimeZone(BusinessError):
    def __init__(self, zone: str) -> None:
        super().__init__(_("没有“%(zone)s”这个时区，请写成 Asia/Shanghai 这样的名称。") % {"zone": zone})


class UnknownCurrency(BusinessError):
    def __init__(self, currency: str) -> None:
        super().__init__(
            _("“%(currency)s”不是三个大写字母的货币代码，请写成 CNY 这样的代码。") % {"currency": currency}
        )


class UnknownPurpose(BusinessError):
    def __init__(self, purpose: str) -> None:
        super().__init__(_("没有“%(purpose)s”这种授权用途。") % {"purpose": purpose})


class ConsentWithoutProof(BusinessError):
    def __init__(self) -> None:
        super().__init__(_("同意必须有凭证：写明客户看到了什么、做了什么。"))
