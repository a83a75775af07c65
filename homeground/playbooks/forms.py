"""What people say about their brand, and how a pack is to be installed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.channels.models import Channel
from homeground.content.models import Message
from homeground.growth.models import Door
from homeground.ui.forms import PickOne


class QuestionsForm(forms.Form):
    """The three questions (M39)."""

    price = forms.ChoiceField(
        label=_("客单价"),
        widget=forms.RadioSelect,
        choices=[
            ("low", _("低（1000 元以内）")),
            ("mid", _("中（1000–10000 元）")),
            ("high", _("高（10000 元以上，或明显高于同类）")),
        ],
    )
    cycle = forms.ChoiceField(
        label=_("成交周期"),
        widget=forms.RadioSelect,
        choices=[
            ("short", _("短：当天到两周内决定")),
            ("long", _("长：要比较、要考虑，或要坚持使用才见效")),
        ],
        help_text=_("从第一次接触到下单，或从开始用到见效。"),
    )
    frequency = forms.ChoiceField(
        label=_("购买频率"),
        widget=forms.RadioSelect,
        choices=[("high", _("高：每天到每季都会买")), ("low", _("低：一年一次或更少"))],
    )
    buyer = forms.ChoiceField(
        label=_("卖给谁"),
        widget=forms.RadioSelect,
        choices=[("person", _("个人与家庭")), ("business", _("企业"))],
    )


class FiguresForm(forms.Form):
    """Who can be reached, served and won (M17). Filled in with what we know; the operator knows better."""

    audience = forms.IntegerField(label=_("可联系的客户"), min_value=0, max_value=10**9)
    staff_minutes = forms.IntegerField(
        label=_("员工每月可用分钟"), min_value=0, max_value=10**9, help_text=_("按每位员工的人力安排算出，可改。")
    )
    newcomers = forms.IntegerField(label=_("每月新客户"), min_value=0, max_value=10**9)


class InstallForm(forms.Form):
    """In which language, through which channels, into which group."""

    language = forms.ChoiceField(
        label=_("内容语言"),
        choices=[("zh", _("中文")), ("en", "English")],
        help_text=_("消息、话术和任务用哪种语言写。"),
    )
    door = forms.ModelChoiceField(
        label=_("群活码"), required=False, queryset=Door.objects.none(), widget=PickOne(),
        help_text=_("邀请进群用哪个群活码；不选时由员工手工邀请。"),
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        door: Any = self.fields["door"]
        door.queryset = Door.objects.filter(kind=Door.Kind.GROUP_CODE, retired_at=None)
        door.label_from_instance = lambda one: one.name
        self.kinds = sorted(kinds)
        for kind in self.kinds:
            channels = Channel.objects.filter(kind=kind).order_by("-is_enabled", "pk")
            choices = [(one.slug, _named(one)) for one in channels]
            self.fields[f"channel_{kind}"] = forms.ChoiceField(label=_kind(kind), choices=choices)

    @property
    def channels(self) -> dict[str, str]:
        """Slug by kind."""
        return {kind: self.cleaned_data[f"channel_{kind}"] for kind in self.kinds}


def _named(channel: Channel) -> str:
    return channel.title if channel.is_enabled else str(_("%s（未启用）")) % channel.title


def _kind(kind: str) -> Any:
    return Message.ChannelKind(kind).label
