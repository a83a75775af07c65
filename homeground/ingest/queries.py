"""Reads of this room."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from homeground.ingest.models import FileImport, Rejected, Token


def tokens() -> QuerySet[Token]:
    """Every token, revoked ones too, newest first."""
    return Token.objects.order_by("-created_at", "-pk")


def rejected() -> QuerySet[Rejected]:
    """Events that could not be taken, newest first."""
    return Rejected.objects.select_related("token").order_by("-pk")


def file_imports() -> QuerySet[FileImport]:
    """Imports of files, newest first."""
    return FileImport.objects.order_by("-made_at", "-pk")


REASONS = {
    "bad_name": _("事件名称为空或过长"),
    "bad_time": _("时间无法识别"),
    "bad_type": _("消息类型未知"),
    "nobody": _("没有说明是谁"),
    "reserved_name": _("使用了平台自有的事件名称"),
    "too_deep": _("嵌套层级过深"),
    "too_large": _("事件过大"),
    "too_long": _("标识过长"),
    "unknown_kind": _("身份标识类型未知"),
    "unstorable": _("内容无法保存"),
    "wrong_type": _("字段类型不对"),
}
"""What each code of a rejected event means to an operator."""
