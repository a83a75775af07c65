"""What people say of tokens and files."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.ingest.errors import MappedTwice
from homeground.ingest.files.currencies import CURRENCIES
from homeground.ingest.files.presets import CONSENT, FIELDS, PRESETS
from homeground.ingest.models import FileImport, Scope
from homeground.people.models import Identity

LABELS = {
    "order_no": _("订单号"),
    "sku": _("商品编码"),
    "product_name": _("商品名称"),
    "quantity": _("数量"),
    "unit_price": _("单价"),
    "at": _("时间"),
    "kind": _("单据类型"),
    "refund_of": _("退款对应的订单号"),
    "country": _("国家或地区"),
    "name": _("称呼"),
    "birthday": _("生日"),
    "gender": _("性别"),
    "tags": _("标签"),
    "created_at": _("建档时间"),
    "id": _("事件 ID"),
    CONSENT + "promotion:*": _("同意接收营销信息"),
    CONSENT + "service:*": _("同意接收服务通知"),
    **{kind.value: kind.label for kind in Identity.Kind},
}
ATTRIBUTE = "attribute"  # A customer's column that is kept under its own name.
_CONSENTS = (CONSENT + "promotion:*", CONSENT + "service:*")
# What columns are often called. Lower case.
_SYNONYMS = {
    "order_no": ["订单号", "订单编号", "单号", "order", "order id", "invoiceno"],
    "sku": ["商品编码", "货号", "stockcode", "product id"],
    "product_name": ["商品名称", "商品", "品名", "description", "product"],
    "quantity": ["数量", "件数", "qty"],
    "unit_price": ["单价", "价格", "unitprice", "price"],
    "at": ["时间", "下单时间", "支付时间", "发生时间", "invoicedate", "timestamp", "time"],
    "name": ["称呼", "姓名", "昵称", "事件", "event"],
    "birthday": ["生日", "出生日期"],
    "gender": ["性别", "sex"],
    "tags": ["标签", "tag"],
    "created_at": ["建档时间", "注册时间", "入会时间"],
    "phone": ["手机", "手机号", "手机号码", "电话", "mobile"],
    "email": ["邮箱", "电子邮箱", "邮件", "e-mail"],
    "member_no": ["会员号", "会员编号", "会员卡号", "customerid", "customer id"],
    "country": ["国家"],
}


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("写明给谁用，例如：官网、小程序、ERP。"))
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"), choices=Scope.choices, initial=[Scope.INGEST], widget=forms.CheckboxSelectMultiple
    )


class UploadForm(forms.Form):
    """A file to take in."""

    kind = forms.ChoiceField(label=_("文件内容"), choices=FileImport.Kind.choices, initial=FileImport.Kind.ORDERS)
    preset = forms.ChoiceField(
        label=_("预设"),
        choices=[("", _("无，自己对应各列")), *((name, name) for name in sorted(PRESETS))],
        required=False,
        help_text=_("列名已知的文件可直接选用。"),
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV、gzip 压缩的 CSV 或 XLSX（第一张表，最大 64 MB）；第一行是列名。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.gz,.xlsx,.txt"}),
    )


class MappingForm(forms.Form):
    """Which column is what, and how to read it."""

    currency = forms.CharField(
        label=_("货币"), max_length=3, required=False, help_text=_("ISO 4217 代码；留空用品牌的货币。")
    )
    time_zone = forms.CharField(
        label=_("时区"), max_length=50, required=False, help_text=_("不带时差的时间属于哪个时区；留空用品牌的时区。")
    )
    date_format = forms.CharField(
        label=_("时间格式"),
        max_length=40,
        required=False,
        help_text=_("一般留空。像 31/12/2026 这样的时间写 %d/%m/%Y。"),
    )

    def __init__(self, row: FileImport, columns: Sequence[str], data: Any = None) -> None:
        super().__init__(data, initial=row.options)
        self.row, self.columns = row, list(columns)
        given = _given(row, columns)
        for place, column in enumerate(columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column, choices=_choices(row.kind), required=False, initial=given.get(column, "")
            )
        if row.kind != FileImport.Kind.ORDERS:
            del self.fields["currency"]

    def options(self) -> dict[str, Any]:
        """What was said, as the import reads it. Raises MappedTwice."""
        said = self.cleaned_data
        mapped: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            name = said[f"column_{place}"]
            name = column if name == ATTRIBUTE else name
            if name in mapped:
                raise MappedTwice(LABELS.get(name, name))
            if name:
                mapped[name] = column
        others = {name: said[name] for name in ("currency", "time_zone", "date_format") if said.get(name)}
        return {**others, "columns": mapped, "preset": self.row.options.get("preset")}

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].upper()
        if code and code not in CURRENCIES:
            raise forms.ValidationError(_("没有这个货币。"))
        return code

    @property
    def pickers(self) -> list[forms.BoundField]:
        """The choice for each column, in the file's order."""
        return [self[f"column_{place}"] for place in range(len(self.columns))]


def _choices(kind: str) -> list[tuple[str, Any]]:
    ignored = _("保留为事件属性") if kind == FileImport.Kind.EVENTS else _("不导入")
    names = [*FIELDS[kind], *(_CONSENTS if kind == FileImport.Kind.CUSTOMERS else ())]
    more = [(ATTRIBUTE, _("保留为客户属性"))] if kind == FileImport.Kind.CUSTOMERS else []
    return [("", ignored), *((name, LABELS[name]) for name in names), *more]


def _given(row: FileImport, columns: Sequence[str]) -> dict[str, str]:
    """For each column the field it was mapped to; at first, what its name suggests."""
    if "columns" in row.options:
        return {column: name if name in LABELS else ATTRIBUTE for name, column in row.options["columns"].items()}
    if preset := PRESETS.get(row.options.get("preset") or ""):
        return {column: name for name, column in preset.columns.items()}
    found: dict[str, str] = {}
    for name in FIELDS[row.kind]:
        names = {name, str(LABELS[name]).lower(), *_SYNONYMS.get(name, [])}
        for column in columns:
            if column.lower() in names and column not in found and name not in found.values():
                found[column] = name
    return found
