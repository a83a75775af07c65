"""Input of the console's own pages."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.console.roles import Role
from homeground.ui.forms import DateInput, PickOne

LONGEST = timedelta(days=731)
CURRENCIES = ["CNY", "HKD", "TWD", "MOP", "USD", "EUR", "GBP", "JPY", "KRW", "SGD", "AUD", "CAD"]


class SignIn(forms.Form):
    """登录"""

    account = forms.CharField(
        label=_("账号"), max_length=150, widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class NewUser(forms.Form):
    """添加成员"""

    name = forms.CharField(label=_("账号"), max_length=150, widget=forms.TextInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("角色"), choices=Role.choices, initial=Role.OPERATIONS)
    password = forms.CharField(
        label=_("初始密码"),
        strip=False,
        help_text=_("至少 10 位；请对方登录后马上修改。"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class NewPassword(forms.Form):
    """修改密码"""

    old = forms.CharField(
        label=_("当前密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 10 位，不要用常见密码。"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class BrandSettings(forms.Form):
    """品牌设置"""

    name = forms.CharField(label=_("品牌名称"), max_length=60)
    time_zone = forms.ChoiceField(
        label=_("时区"),
        choices=lambda: [(zone, zone) for zone in sorted(available_timezones())],
        widget=PickOne,
        help_text=_("所有页面上的“一天”都按这个时区计算。"),
    )
    currency = forms.ChoiceField(
        label=_("记账货币"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("汇总只统计这种货币的订单，其他货币单独列出。"),
    )


class Period(forms.Form):
    """统计区间, whole days of the brand's zone, both ends included."""

    since = forms.DateField(label=_("从"), widget=DateInput)
    until = forms.DateField(label=_("到"), widget=DateInput)

    def clean(self) -> dict[str, Any]:
        """At most two years, the right way round."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not timedelta(0) <= until - since <= LONGEST:
            raise forms.ValidationError(_("请选择不超过两年的区间，开始日期在前。"))
        return cleaned

    def span(self) -> tuple[date, date]:
        """The two days."""
        return self.cleaned_data["since"], self.cleaned_data["until"]


class Suitability(forms.Form):
    """适配自查 (M17)"""

    reachable = forms.IntegerField(label=_("可触达的客户数"), min_value=0, help_text=_("有联系方式且同意接收的客户。"))
    monthly_new = forms.IntegerField(label=_("每月新增客户数"), min_value=0)
    staff = forms.IntegerField(label=_("负责回复客户的员工数"), min_value=0)
    returns = forms.ChoiceField(
        label=_("客户多久会再买"),
        choices=[("often", _("一年多次")), ("yearly", _("一年一两次")), ("once", _("基本只买一次"))],
    )
    is_urgent_once = forms.BooleanField(label=_("客户因急需才买，用完也不会推荐给别人"), required=False)
