"""Journeys: the list's filters, what a journey is called and how it is measured."""

from django import forms
from django.utils.translation import gettext_lazy

from homeground.core.loop import Link
from homeground.journeys.forms.fields import PercentField
from homeground.journeys.models import Journey


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
