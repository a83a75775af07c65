"""What a review cannot do, in the words of the person who asked."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class UnreadableFile(BusinessError):
    """Not a CSV, a gzip CSV or an XLSX, or broken inside."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(_("无法读取文件 %(name)s：%(reason)s") % {"name": name, "reason": reason})


class UnknownColumn(BusinessError):
    def __init__(self, wanted: str, columns: Iterable[str]) -> None:
        super().__init__(
            _("文件里没有列“%(wanted)s”。现有的列：%(columns)s") % {"wanted": wanted, "columns": _few(columns)}
        )


class UnknownArm(BusinessError):
    def __init__(self, wanted: str, column: str, arms: Iterable[str]) -> None:
        super().__init__(
            _("列“%(column)s”里没有组“%(wanted)s”。现有的组：%(arms)s")
            % {"wanted": wanted, "column": column, "arms": _few(arms)}
        )


class TooManyArms(BusinessError):
    def __init__(self, column: str, count: int) -> None:
        super().__init__(
            _("列“%(column)s”有 %(count)d 个不同的值，不像是分组。请用 --arm 选出分组的列")
            % {"column": column, "count": count}
        )


class OneArm(BusinessError):
    def __init__(self, column: str, arm: str) -> None:
        super().__init__(_("列“%(column)s”里只有一组“%(arm)s”，没有可以比较的另一组") % {"column": column, "arm": arm})


class NotNumbers(BusinessError):
    def __init__(self, column: str, example: str) -> None:
        super().__init__(
            _("列“%(column)s”不是数字（例如“%(example)s”），不能作为结果指标") % {"column": column, "example": example}
        )


class BadOption(BusinessError):
    """An option that cannot be understood; the sentence says what it should look like."""


def _few(names: Iterable[str], most: int = 30) -> str:
    listed = [str(name) for name in names]
    return _("、").join(listed[:most]) + (" …" if len(listed) > most else "")


class NothingToReview(BusinessError):
    """The campaign has not happened yet."""
