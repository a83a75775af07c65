"""New rows of the guard's policy."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.channels.kinds.wecom import WECOM_MASS
from homeground.channels.models import Channel
from homeground.core import time
from homeground.journeys.forms.fields import PercentField
from homeground.journeys.models import (
    FrequencyCap,
    GlobalHoldout,
    GroupLimit,
    PlatformQuota,
    PromotionShare,
    QuietHours,
    Restoration,
)
from homeground.journeys.models.policy import EVERY
from homeground.ui.forms import MomentInput


def policy_form(kind: str, data: Any = None) -> "forms.ModelForm[Any]":
    """The form for a new row of one subject: holdout, quiet, cap, share, quota, groups, restoration."""
    return POLICY_FORMS[kind](data, prefix=kind, initial={"valid_from": time.now()})


class _Dated(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    field_order = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "channel" in self.fields:
            rows = [(channel.slug, channel.title) for channel in Channel.objects.all()]
            self.fields["channel"] = forms.ChoiceField(label=_("渠道"), choices=[(EVERY, _("所有渠道")), *rows])


_DATED_FIELDS = ["valid_from", "source"]
_MOMENT = {"valid_from": MomentInput, "source": forms.TextInput}


class HoldoutForm(_Dated):
    share_bp = PercentField(label=gettext_lazy("比例（%）"), min_value=0, max_value=50)

    class Meta:
        model = GlobalHoldout
        fields = ["share_bp", "salt", *_DATED_FIELDS]
        widgets = _MOMENT
        help_texts = {"salt": gettext_lazy("换一个盐，就会重新抽取对照客户。")}


class QuietForm(_Dated):
    class Meta:
        model = QuietHours
        fields = ["channel", "starts", "ends", *_DATED_FIELDS]
        widgets = _MOMENT | {"starts": forms.TimeInput({"type": "time"}), "ends": forms.TimeInput({"type": "time"})}


class CapForm(_Dated):
    class Meta:
        model = FrequencyCap
        fields = ["relation", "channel", "window_days", "max_touches", *_DATED_FIELDS]
        widgets = _MOMENT


class ShareForm(_Dated):
    max_share_bp = PercentField(label=gettext_lazy("营销占比上限（%）"), min_value=0, max_value=100)

    class Meta:
        model = PromotionShare
        fields = ["max_share_bp", "window_days", "min_touches", *_DATED_FIELDS]
        widgets = _MOMENT


class QuotaForm(_Dated):
    channel_kind = forms.ChoiceField(label=gettext_lazy("渠道类型"), choices=[(WECOM_MASS.slug, WECOM_MASS.label)])

    class Meta:
        model = PlatformQuota
        fields = ["channel_kind", "mode", *_DATED_FIELDS]
        widgets = _MOMENT
        help_texts = {"mode": gettext_lazy("与企业微信后台“群发助手 → 设置群发规则”里的选择一致。")}


class GroupsForm(_Dated):
    max_share_bp = PercentField(label=gettext_lazy("营销占比上限（%）"), min_value=0, max_value=100)

    class Meta:
        model = GroupLimit
        fields = ["window_days", "max_promotions", "max_share_bp", "min_sends", *_DATED_FIELDS]
        widgets = _MOMENT


class RestorationForm(_Dated):
    class Meta:
        model = Restoration
        fields = ["by_reply", "by_purchase", "fresh_hours", *_DATED_FIELDS]
        widgets = _MOMENT


POLICY_FORMS: dict[str, type[_Dated]] = {
    "cap": CapForm,
    "quiet": QuietForm,
    "holdout": HoldoutForm,
    "share": ShareForm,
    "quota": QuotaForm,
    "groups": GroupsForm,
    "restoration": RestorationForm,
}
