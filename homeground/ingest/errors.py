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


class UnreadableFile(BusinessError):
    """It is not there, or is no table that can be read."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(_("无法读取文件 %(path)s：%(reason)s") % {"path": path, "reason": reason})


class UnknownPreset(BusinessError):
    def __init__(self, preset: str, known: list[str]) -> None:
        super().__init__(
            _("没有名为 %(preset)s 的预设，可用的是：%(known)s。") % {"preset": preset, "known": ", ".join(known)}
        )


class PresetOfOtherKind(BusinessError):
    def __init__(self, preset: str, kind: str) -> None:
        super().__init__(_("预设 %(preset)s 只用于 %(kind)s 文件。") % {"preset": preset, "kind": kind})


class BadMapping(BusinessError):
    def __init__(self, pair: str) -> None:
        super().__init__(_("无法理解映射 %(pair)s，请写成 字段=列名，多个用逗号分隔。") % {"pair": pair or "''"})


class UnknownField(BusinessError):
    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(_("没有 %(name)s 这个字段，可用的是：%(known)s。") % {"name": name, "known": ", ".join(known)})


class UnknownColumn(BusinessError):
    def __init__(self, column: str, found: list[str]) -> None:
        super().__init__(
            _("文件中没有 %(column)s 列，现有的列：%(found)s。") % {"column": column, "found": ", ".join(found)}
        )


class MissingField(BusinessError):
    def __init__(self, names: list[str], found: list[str]) -> None:
        super().__init__(
            _("缺少必需的字段 %(names)s，请指定对应的列（命令行用 --map）；现有的列：%(found)s。")
            % {"names": ", ".join(names), "found": ", ".join(found)}
        )


class UnknownCurrency(BusinessError):
    def __init__(self, currency: str) -> None:
        super().__init__(_("没有 %(currency)s 这个货币，请用 ISO 4217 代码，如 CNY。") % {"currency": currency})


class UnknownTimeZone(BusinessError):
    def __init__(self, zone: str) -> None:
        super().__init__(_("没有 %(zone)s 这个时区，请用 IANA 名称，如 Asia/Shanghai。") % {"zone": zone})


class UploadTooLarge(BusinessError):
    def __init__(self, megabytes: int) -> None:
        super().__init__(
            _("文件超过 %(megabytes)s MB；请在服务器上用 homeground import 导入。") % {"megabytes": megabytes}
        )


class MappedTwice(BusinessError):
    def __init__(self, name: object) -> None:
        super().__init__(_("有两列都对应到「%(name)s」，请只留一列。") % {"name": name})


class ImportUnderWay(BusinessError):
    """It runs, or has been done: it is not started again."""

    def __init__(self) -> None:
        super().__init__(_("这个文件正在导入或已经导入，不能再次开始。"))
