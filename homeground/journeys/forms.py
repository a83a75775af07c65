"""What people type about campaigns and the guard's policy."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.channels.kinds.wecom import WECOM_MASS
from homeground.channels.models import Channel
from homeground.content.models import Message
from homeground.core import time
from homeground.core.loop import Link
from homeground.journeys.models import (
    Campaign,
    FrequencyCap,
    GlobalHoldout,
    Journey,
    PlatformQuota,
    PromotionShare,
    QuietHours,
    State,
)
from homeground.journeys.models.policy import EVERY
from homeground.segments.models import Segment
from homeground.ui.forms import MomentInput, PickOne

_PERCENT = Decimal(100)


class PercentField(forms.DecimalField):
    """A percentage on screen, basis points in Python."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=7, decimal_places=2, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return (Decimal(value) / _PERCENT).normalize().to_eng_string() if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else int(percent * _PERCENT)


class CampaignFilter(forms.Form):
    """The list's filters."""

    q = forms.CharField(label=gettext_lazy("活动名称"), required=False)
    link = forms.ChoiceField(
        label=gettext_lazy("环节"), required=False, choices=[("", gettext_lazy("全部")), *Link.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *State.choices]
    )


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """A draft: 人, 货, 场, what is expected, and how it will be known."""

    channel = forms.ChoiceField(label=gettext_lazy("渠道"))
    weak_channel = forms.ChoiceField(
        label=gettext_lazy("弱关系渠道"),
        required=False,
        help_text=gettext_lazy("无关系与单边关系的客户改走此渠道（同类型），例如公众号。"),
    )
    base_bp = PercentField(
        label=gettext_lazy("对照组预计下单率（%）"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("不发这条消息，窗口期内会有多少人下单？用来估算所需人数。"),
    )
    expected_lift_bp = PercentField(
        label=gettext_lazy("预期提升（%）"),
        min_value=-100,
        max_value=1000,
        help_text=gettext_lazy("相对对照组，例如 10 表示多一成。发送前写下，复盘时对照。"),
    )
    window_days = forms.IntegerField(
        label=gettext_lazy("观察天数"),
        min_value=1,
        max_value=365,
        initial=14,
        help_text=gettext_lazy("从锁定受众起，多少天内的订单算作结果。"),
    )
    holdout_bp = PercentField(
        label=gettext_lazy("对照组比例（%）"),
        min_value=0,
        max_value=90,
        initial=1000,
        help_text=gettext_lazy("按客户随机留下、不触达的比例。没有对照组，就无法知道效果是不是巧合。"),
    )

    class Meta:
        model = Campaign
        fields = [
            "name",
            "link",
            "segment",
            "need",
            "offer",
            "place",
            "channel",
            "weak_channel",
            "message",
            "hypothesis",
            "primary_outcome",
            "base_bp",
            "expected_lift_bp",
            "window_days",
            "holdout_bp",
            "scheduled_at",
        ]
        widgets = {
            "segment": PickOne,
            "need": PickOne,
            "message": PickOne,
            "hypothesis": forms.Textarea({"rows": 3}),
            "scheduled_at": MomentInput,
        }
        help_texts = {
            "segment": gettext_lazy("锁定那一刻重新计算：在人群里的客户进入受众，之后进出都不再影响。"),
            "scheduled_at": gettext_lazy("留空：开始后立即发送。免打扰时段内会自动顺延。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = [(channel.slug, channel.title) for channel in Channel.objects.filter(is_enabled=True)]
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]
        self.fields["weak_channel"].choices = [("", _("不区分")), *channels]  # type: ignore[attr-defined]
        for name in ("segment", "need"):
            self.fields[name].queryset = Segment.objects.listed()  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = _segment_label  # type: ignore[attr-defined]
        self.fields["message"].queryset = Message.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["message"].label_from_instance = _message_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kinds = dict(Channel.objects.values_list("slug", "kind"))
        message = given.get("message")
        for name in ("channel", "weak_channel"):
            if message and given.get(name) and kinds.get(given[name]) != message.channel_kind:
                self.add_error(name, _("这个渠道发不了所选的消息模板，请换一个同类型的模板或渠道。"))
        return given


class JourneyFilter(forms.Form):
    """The filters of the list of journeys."""

    q = forms.CharField(label=gettext_lazy("旅程名称"), required=False)
    link = forms.ChoiceField(
        label=gettext_lazy("环节"), required=False, choices=[("", gettext_lazy("全部")), *Link.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *Journey.State.choices]
    )


class JourneyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a journey is for, and how it will be judged."""

    window_days = forms.IntegerField(
        label=gettext_lazy("观察天数"),
        min_value=1,
        max_value=365,
        initial=30,
        help_text=gettext_lazy("从每个人入组起，多少天内的结果算数。"),
    )
    holdout_bp = PercentField(
        label=gettext_lazy("对照组比例（%）"),
        min_value=0,
        max_value=90,
        initial=1000,
        help_text=gettext_lazy("按客户随机留下、不进入旅程的比例。没有对照组，就无法知道效果是不是巧合。"),
    )

    class Meta:
        model = Journey
        fields = ["name", "link", "hypothesis", "primary_outcome", "window_days", "holdout_bp"]
        widgets = {"hypothesis": forms.Textarea({"rows": 3})}


class JourneySettings(JourneyForm):
    """The same, as the canvas sends it: basis points stay basis points."""

    holdout_bp = forms.IntegerField(min_value=0, max_value=9000)  # type: ignore[assignment]


class CalendarFilter(forms.Form):
    """What the calendar shows; the segment is also the one whose pressure is shown."""

    link = forms.ChoiceField(
        label=gettext_lazy("环节"), required=False, choices=[("", gettext_lazy("全部")), *Link.choices]
    )
    channel = forms.ModelChoiceField(
        label=gettext_lazy("渠道"),
        required=False,
        queryset=Channel.objects.filter(is_enabled=True),
        to_field_name="slug",
        empty_label=gettext_lazy("全部"),
    )
    segment = forms.ModelChoiceField(
        label=gettext_lazy("人群"),
        required=False,
        queryset=Segment.objects.listed(),
        to_field_name="slug",
        empty_label=gettext_lazy("全部客户"),
        widget=PickOne,
    )


class CustomerSearch(forms.Form):
    """Whose preview."""

    q = forms.CharField(label=gettext_lazy("预览客户"), required=False, max_length=60)


def policy_form(kind: str, data: Any = None) -> "forms.ModelForm[Any]":
    """The form for a new row of one subject: holdout, quiet, cap, share, quota."""
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


POLICY_FORMS: dict[str, type[_Dated]] = {
    "cap": CapForm,
    "quiet": QuietForm,
    "holdout": HoldoutForm,
    "share": ShareForm,
    "quota": QuotaForm,
}


def _segment_label(segment: Segment) -> str:
    return _("%(name)s（%(count)d 人）") % {"name": segment.name, "count": segment.customers}


def _message_label(message: Message) -> str:
    return f"{message.name} · {message.get_channel_kind_display()}"
