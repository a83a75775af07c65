"""Input of the room's pages."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.core import money, time
from homeground.loyalty.models import CouponKind
from homeground.loyalty.queries.coupons import grantable
from homeground.loyalty.services.ledger import MOST
from homeground.people.queries import brand
from homeground.ui.forms import DateInput

Form = CouponKind.Form
_LARGEST = 10**9  # Major units.
_LONGEST = 3650  # Days a coupon may be good.
_NEEDED = {"off": "amount", "percent": "pay", "gift": "gift"}


class CouponKindForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """券种"""

    amount = forms.DecimalField(
        label=gettext_lazy("减多少"), required=False, min_value=Decimal("0.001"), max_value=_LARGEST, decimal_places=3,
        help_text=gettext_lazy("满减券填写。"),
    )  # fmt: skip
    pay = forms.DecimalField(
        label=gettext_lazy("折后付（%）"), required=False, min_value=Decimal("0.01"), max_value=Decimal("99.99"),
        decimal_places=2, help_text=gettext_lazy("折扣券填写，85 就是八五折。"),
    )  # fmt: skip
    threshold = forms.DecimalField(
        label=gettext_lazy("满多少可用"), required=False, min_value=0, max_value=_LARGEST, decimal_places=3,
        help_text=gettext_lazy("按订单用券前的金额算；留空就是没有门槛。"),
    )  # fmt: skip

    class Meta:
        model = CouponKind
        fields = [
            "name",
            "form",
            "gift",
            "starts_on",
            "ends_on",
            "valid_days",
            "stock",
            "per_customer",
            "partner",
            "note",
        ]
        widgets = {"starts_on": DateInput, "ends_on": DateInput, "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "gift": gettext_lazy("兑换券填写，例如一只帆布袋。"),
            "starts_on": gettext_lazy("固定有效期：填生效日和失效日，当天都算。"),
            "valid_days": gettext_lazy("或者填领取后几天有效；到最后一天的半夜。两种选一种。"),
            "stock": gettext_lazy("发完为止；留空不限。"),
            "per_customer": gettext_lazy("同一位客户最多领几张；留空不限。"),
            "partner": gettext_lazy("异业合作的券填对方名称，便于按合作方看核销。"),
            "ends_on": "",
        }

    field_order = ("name", "form", "amount", "pay", "gift", "threshold")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, currency = self.instance, brand().currency
        for name in ("amount", "threshold"):
            words = {"label": self.fields[name].label, "currency": currency}
            self.fields[name].label = _("%(label)s（%(currency)s）") % words
        self.initial = {
            **self.initial,
            "amount": None if kind.amount_minor is None else money.to_major(kind.amount_minor, currency),
            "pay": None if kind.pay_bp is None else Decimal(kind.pay_bp) / 100,
            "threshold": money.to_major(kind.threshold_minor, currency) if kind.threshold_minor else None,
        }

    def clean(self) -> dict[str, Any]:
        """One form with what belongs to it, dates or days."""
        said = super().clean() or {}
        needed = _NEEDED.get(str(said.get("form")), "")
        if needed and needed not in self.errors and not said.get(needed):
            self.add_error(needed, _("这种券要填这一项。"))
        if said.get("per_customer") == 0:
            self.add_error("per_customer", _("至少填 1；不限就留空。"))
        self._clean_validity(said)
        return said

    def _clean_validity(self, said: dict[str, Any]) -> None:
        first, last, days = said.get("starts_on"), said.get("ends_on"), said.get("valid_days")
        if bool(first) != bool(last) or bool(first) == bool(days):
            self.add_error("valid_days", _("请填生效日和失效日，或者领取后几天有效，两种选一种。"))
        elif days and days > _LONGEST:
            self.add_error("valid_days", _("最多 %(days)d 天。") % {"days": _LONGEST})
        elif first and last and last < first:
            self.add_error("ends_on", _("失效日不能早于生效日。"))

    def given(self) -> dict[str, Any]:
        """The fields of the kind: money in minor units, what is not of its form left out."""
        said, currency = self.cleaned_data, brand().currency
        form = said["form"]
        return {name: said[name] for name in self.Meta.fields} | {
            "gift": said["gift"] if form == Form.GIFT else "",
            "amount_minor": money.to_minor(said["amount"], currency) if form == Form.OFF else None,
            "pay_bp": int(said["pay"] * 100) if form == Form.PERCENT else None,
            "threshold_minor": money.to_minor(said["threshold"] or Decimal(0), currency),
        }


class Adjustment(forms.Form):
    """手工调整积分. cause: of the page that was shown, so that it is done once, however often it is sent."""

    points = forms.IntegerField(
        label=gettext_lazy("加减多少积分"), min_value=-MOST, max_value=MOST,
        help_text=gettext_lazy("正数是补发，负数是扣减；扣减不会扣到负数。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=100, help_text=gettext_lazy("会记在流水里，客户也看得到。")
    )
    expires_on = forms.DateField(
        label=gettext_lazy("有效期至"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("补发时填写；留空不过期。"),
    )
    cause = forms.RegexField(r"^console:[0-9a-f-]{36}$", widget=forms.HiddenInput)

    def clean_points(self) -> int:
        points: int = self.cleaned_data["points"]
        if not points:
            raise forms.ValidationError(_("请填写不为零的数。"))
        return points

    def expires_at(self, zone: str) -> datetime | None:
        """The end of the last day, in the zone."""
        last = self.cleaned_data["expires_on"]
        return time.start_of(last + timedelta(days=1), zone) if last else None


class Grant(forms.Form):
    """发一张券"""

    kind = forms.ModelChoiceField(label=gettext_lazy("券种"), queryset=CouponKind.objects.none())
    cause = forms.RegexField(r"^console:[0-9a-f-]{36}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.queryset = CouponKind.objects.filter(archived_at=None)
        field.choices = [("", _("请选择")), *((kind.pk, kind.name) for kind in grantable(time.now()))]


class Use(forms.Form):
    """核销"""

    code = forms.CharField(label=gettext_lazy("券码"), max_length=20)
    order_no = forms.CharField(label=gettext_lazy("订单号"), max_length=100)
    amount = forms.DecimalField(
        label=gettext_lazy("订单金额"), min_value=0, max_value=_LARGEST, decimal_places=3,
        help_text=gettext_lazy("用券前的金额，用来判断门槛、算优惠。"),
    )  # fmt: skip

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class Revocation(forms.Form):
    """作废"""

    why = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class KindFilter(forms.Form):
    """券种列表"""

    q = forms.CharField(label=gettext_lazy("券名或合作方"), required=False)
    stand = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False,
        choices=[("open", gettext_lazy("使用中")), ("archived", gettext_lazy("已归档")), ("all", gettext_lazy("全部"))],
    )  # fmt: skip
