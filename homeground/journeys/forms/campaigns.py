"""Campaigns: the list's filters, a draft, whose preview."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.channels.kinds.wecom import WECOM_MASS
from homeground.channels.models import Channel
from homeground.content.models import Message
from homeground.core.loop import Link
from homeground.journeys.forms.fields import MoneyField, PercentField
from homeground.journeys.forms.groups import GroupFields, initial_of
from homeground.journeys.models import Campaign, State, Urgency
from homeground.segments.models import Segment
from homeground.ui.forms import MomentInput, PickOne


class CampaignFilter(forms.Form):
    """The list's filters."""

    q = forms.CharField(label=gettext_lazy("活动名称"), required=False)
    link = forms.ChoiceField(
        label=gettext_lazy("环节"), required=False, choices=[("", gettext_lazy("全部")), *Link.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *State.choices]
    )


class CampaignForm(forms.ModelForm, GroupFields):  # type: ignore[type-arg]  # Generic in the stubs alone.
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

    urgency = forms.TypedChoiceField(
        label=gettext_lazy("紧急程度"),
        required=False,
        coerce=int,
        empty_value=str(Urgency.NORMAL.value),
        choices=Urgency.choices,
        initial=Urgency.NORMAL,
        help_text=gettext_lazy("同一位客户的打扰余量不够时，先发紧急的。"),
    )
    value_minor = MoneyField(
        label=gettext_lazy("单次预期价值"),
        help_text=gettext_lazy("一条消息平均带来多少；同样紧急时，先发更值的。留空按 0。"),
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
            "urgency",
            "value_minor",
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
        self.initial = {**initial_of(self.instance.groups), **self.initial}
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
        self.instance.groups = self.groups
        if given.get("to_groups"):
            self._refuse_for_groups(given, kinds)
        return given

    def _refuse_for_groups(self, given: dict[str, Any], kinds: dict[str, str]) -> None:
        if kinds.get(given.get("channel", "")) != WECOM_MASS.slug:
            self.add_error("channel", _("发到客户群只能用企业微信群发。"))
        for name in ("need", "weak_channel"):
            if given.get(name):
                self.add_error(name, _("群里的人没法逐个区分，发到客户群时请留空。"))


class CustomerSearch(forms.Form):
    """Whose preview."""

    q = forms.CharField(label=gettext_lazy("预览客户"), required=False, max_length=60)


def _segment_label(segment: Segment) -> str:
    return _("%(name)s（%(count)d 人）") % {"name": segment.name, "count": segment.customers}


def _message_label(message: Message) -> str:
    return f"{message.name} · {message.get_channel_kind_display()}"
