"""What a review cannot do, in the words of the person who asked."""

from collections.abc import Iterable
from datetime import date

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


class BadCell(BusinessError):
    """A cell that cannot be read; wanted: what it is not."""

    def __init__(self, line: int, column: str, text: str, wanted: str) -> None:
        given = {"line": line, "column": column, "text": text[:40], "wanted": wanted}
        super().__init__(_("第 %(line)d 行，列“%(column)s”：“%(text)s”%(wanted)s") % given)


class NothingToFit(BusinessError):
    """No order, or nobody who came back: the models have nothing to learn from."""

    def __init__(self, until: date | None) -> None:
        super().__init__(
            _("截至 %(until)s 没有客户再次购买，无法拟合。请检查客户列、日期列与截止日") % {"until": until or "—"}
        )


class Unsettled(BusinessError):
    """Orders on which the likelihood has no top: whatever numbers a climb ends with mean nothing."""

    def __init__(self, customers: int, repeaters: int) -> None:
        super().__init__(
            _("BG/NBD 没有收敛：%(customers)d 位客户、%(repeaters)d 位复购客户的订单不足以确定参数")
            % {"customers": customers, "repeaters": repeaters}
        )


class BadOption(BusinessError):
    """An option that cannot be understood; the sentence says what it should look like."""


def _few(names: Iterable[str], most: int = 30) -> str:
    listed = [str(name) for name in names]
    return _("、").join(listed[:most]) + (" …" if len(listed) > most else "")


class NothingToReview(BusinessError):
    """The campaign has not happened yet."""
