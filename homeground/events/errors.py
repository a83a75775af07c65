"""Refusals of the stream."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class StoreHeldElsewhere(BusinessError):
    """The event store's folder belongs to another process that does not answer."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            _("事件库 %(folder)s 正被另一个进程占用，且该进程没有应答；等它结束，或先停止它再试。") % {"folder": folder}
        )


class SchemaDiffers(BusinessError):
    """The server's tables are not those of this version."""

    def __init__(self, tables: str) -> None:
        super().__init__(
            _("ClickHouse 中的表与本版本不一致（%(tables)s）；请按 deploy/clickhouse 中的语句升级后再试。")
            % {"tables": tables}
        )


class BatchUnderWay(BusinessError):
    """A batch was begun and is not done: what was set aside from it cannot be tried apart from it."""

    def __init__(self) -> None:
        super().__init__(_("有一批事件还没有处理完；等它完成后再重试。"))


class NoMoment(BusinessError):
    """What was given is no date or time that the stream can hold."""

    def __init__(self, given: str) -> None:
        super().__init__(
            _("“%(given)s”不是 1900 到 2299 年间的日期或时间；请写成 2026-03-01 或 2026-03-01T08:00+08:00。")
            % {"given": given}
        )
