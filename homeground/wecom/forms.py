"""What people type about the corp."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from homeground.ui.forms import PickOne
from homeground.wecom.models import Corp, Staff
from homeground.wecom.models.corp import PLATFORM
from homeground.wecom.queries.pages import event_choices

_ANY = [("", _("全部"))]


class ConnectForm(forms.Form):
    """The corp's keys. What is kept already is not shown again and may be left empty."""

    corpid = forms.CharField(
        label=_("企业 ID"), max_length=64, help_text=_("企业微信管理后台 → 我的企业 → 企业信息，以 ww 开头。")
    )
    contact_secret = forms.CharField(
        label=_("客户联系 Secret"),
        max_length=200,
        help_text=_(
            "应用管理 → 自建应用 → Secret，并在“客户联系 → API → 可调用接口的应用”里勾选它。"
            "2023 年 12 月起，新企业不能再用“客户联系”系统应用的 Secret。"
        ),
    )
    secret = forms.CharField(
        label=_("员工应用 Secret"),
        max_length=200,
        required=False,
        help_text=_("员工工作台和侧边栏用的自建应用。和上面是同一个应用时留空。"),
    )
    agentid = forms.CharField(
        label=_("应用 ID"), max_length=20, required=False, help_text=_("自建应用的 AgentId，一串数字。")
    )
    token = forms.CharField(
        label=_("回调 Token"),
        max_length=32,
        required=False,
        help_text=_("客户联系 → API → 接收事件服务器，填写本页的回调地址后，把同一页的 Token 复制到这里。"),
    )
    aes_key = forms.CharField(
        label="EncodingAESKey", max_length=43, required=False, help_text=_("同一页的 EncodingAESKey，43 位。")
    )
    name = forms.CharField(label=_("企业名称"), max_length=60, required=False)
    base_url = forms.URLField(
        label=_("接口地址"),
        initial=PLATFORM,
        max_length=200,
        assume_scheme="https",
        help_text=_("官方地址不用改；试用时填本机沙盒企业的地址。"),
    )

    def __init__(
        self, data: Any = None, *, corp: Corp | None = None, has: frozenset[str] = frozenset(), **initial: str
    ):
        known = {"corpid": corp.corpid, "name": corp.name, "base_url": corp.base_url} if corp else {}
        super().__init__(data, initial=known | initial)
        for name in ("contact_secret", "secret", "token", "aes_key"):
            self.fields[name].widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
            if name in has:
                self.fields[name].required = False
                self.fields[name].widget.attrs["placeholder"] = _("已保存，留空则不变")


class CallbackFilters(forms.Form):
    """The list's filters."""

    q = forms.CharField(label=_("客户、群或员工 ID"), required=False)
    event = forms.ChoiceField(label=_("事件"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            *_ANY,
            ("waiting", _("待处理")),
            ("handled", _("已处理")),
            ("failed", _("处理失败")),
            ("unknown", _("未识别")),
        ],
    )

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.fields["event"].choices = [*_ANY, *event_choices()]  # type: ignore[attr-defined]

    def said(self) -> dict[str, str]:
        """What is narrowed to; nothing where the address was made up."""
        found = self.cleaned_data if self.is_valid() else {}
        return {"event": found.get("event", ""), "state": found.get("state", ""), "text": found.get("q", "")}


class StaffFilters(forms.Form):
    """The list's filters."""

    q = forms.CharField(label=_("姓名或账号"), required=False)
    active = forms.ChoiceField(
        label=_("状态"), required=False, choices=[*_ANY, ("yes", _("可联系客户")), ("no", _("已停用或离职"))]
    )

    def said(self) -> dict[str, Any]:
        """What is narrowed to."""
        found = self.cleaned_data if self.is_valid() else {}
        return {"text": found.get("q", ""), "is_active": {"yes": True, "no": False}.get(found.get("active", ""))}


class LinkForm(forms.Form):
    """Which console user a member is."""

    user: Any = forms.ModelChoiceField(
        label=_("登录账号"), queryset=None, required=False, widget=PickOne, empty_label=_("不关联"),
        help_text=_("关联后，这位员工从企业微信进入工作台时就是这个账号。"),
    )  # fmt: skip

    def __init__(self, staff: Staff, data: Any = None) -> None:
        super().__init__(data, initial={"user": staff.user_id})
        users = get_user_model().objects.filter(is_active=True).order_by("username")
        self.fields["user"].queryset = users  # type: ignore[attr-defined]


class ConsentForm(forms.Form):
    """Why the friends that are there count as having agreed."""

    reason = forms.CharField(
        label=_("依据"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("例如：2024 年起门店海报写明“添加即同意接收优惠信息，可随时退订”，海报存档编号 HB-0312。"),
    )
