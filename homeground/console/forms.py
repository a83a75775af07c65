"""Input of the console's own pages."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.console.roles import Role
from homeground.ui.forms import PickOne

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
