"""What people give to reviews: filters, the closing words, a file with its columns, a plan."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.core.loop import Link
from homeground.insights.review.question import Question
from homeground.journeys.models import Journey
from homeground.ui.forms import PickMany

MOST_UPLOAD_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
WAITING, OPEN, CLOSED = "waiting", "open", "closed"


class Filters(forms.Form):
    """Which reviews."""

    link = forms.ChoiceField(label=_("环节"), required=False, choices=[("", _("全部")), *Link.choices])
    stage = forms.ChoiceField(
        label=_("进度"),
        required=False,
        choices=[("", _("全部")), (OPEN, _("观察中")), (WAITING, _("待复盘")), (CLOSED, _("已结案"))],
    )


class JourneyFilters(forms.Form):
    """Which reviews of journeys."""

    link = forms.ChoiceField(label=_("环节"), required=False, choices=[("", _("全部")), *Link.choices])
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), *(each for each in Journey.State.choices if each[0] != Journey.State.DRAFT)],
    )


class ClosingForm(forms.Form):
    """Why the result is what it is, and what comes next (M4)."""

    explanation = forms.CharField(
        label=_("原因分析"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("好结果总有原因，坏结果也是：写下你认为为什么，依据是什么。"),
    )
    next_action = forms.CharField(
        label=_("下一步"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("下一次做什么、改什么，谁来做。"),
    )


class Plan(forms.Form):
    """A campaign before its send: enough people?"""

    base_bp = forms.IntegerField(label=_("对照组预计下单率"), min_value=1, max_value=9_999)
    lift_bp = forms.IntegerField(label=_("预期提升"), min_value=-9_999, max_value=100_000)
    holdout_bp = forms.IntegerField(label=_("对照组比例"), min_value=1, max_value=9_000)
    audience = forms.IntegerField(label=_("受众人数"), required=False, min_value=0)


class FileForm(forms.Form):
    """A file of people, at most MOST_UPLOAD_BYTES."""

    file = forms.FileField(
        label=_("文件"), help_text=_("CSV、gzip 压缩的 CSV 或 XLSX，一行一人，不超过 20 MB；只在内存里计算，不保存。")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_UPLOAD_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB。更大的文件请用命令行 homeground review。"))
        return file


class QuestionForm(FileForm):
    """The file's columns, picked."""

    arm = forms.ChoiceField(label=_("分组"), help_text=_("写明每个人在哪一组的列。"))
    control = forms.CharField(label=_("对照组的值"), max_length=200, help_text=_("分组列里代表对照组的内容。"))
    outcomes = forms.MultipleChoiceField(label=_("结果指标"), widget=PickMany, help_text=_("事后测得的数字或 0/1。"))
    harmful = forms.MultipleChoiceField(
        label=_("越高越差的指标"), widget=PickMany, required=False, help_text=_("例如投诉、退订。")
    )
    covariates = forms.MultipleChoiceField(
        label=_("事前数据"),
        widget=PickMany,
        required=False,
        help_text=_("用于检查均衡，并收窄区间（CUPED）。必须是事前的。"),
    )
    segments = forms.MultipleChoiceField(
        label=_("事先想好的分层"), widget=PickMany, required=False, help_text=_("看结果之前就决定要分开看的列。")
    )
    id = forms.ChoiceField(label=_("客户标识"), required=False, help_text=_("用来发现重复的人。"))
    shares = forms.CharField(
        label=_("设计的份额"), max_length=500, required=False, help_text=_("例如 a=9,b=1；留空表示各组相同。")
    )

    def __init__(self, *args: Any, columns: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, name) for name in columns]
        for name in ("arm", "outcomes", "harmful", "covariates", "segments"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["id"].choices = [("", _("没有")), *choices]  # type: ignore[attr-defined]

    def clean_shares(self) -> dict[str, float]:
        shares = {}
        for part in filter(None, (part.strip() for part in self.cleaned_data["shares"].split(","))):
            name, mark, share = part.rpartition("=")
            if not mark or not share.replace(".", "", 1).isdigit():
                raise forms.ValidationError(_("请写成 a=9,b=1 这样。"))
            shares[name.strip()] = float(share)
        return shares

    def question(self) -> Question:
        """What was asked."""
        given = self.cleaned_data
        return Question(
            arm=given["arm"],
            control=given["control"].strip(),
            outcomes=list(dict.fromkeys([*given["outcomes"], *given["harmful"]])),
            covariates=given["covariates"],
            harmful=given["harmful"],
            id=given["id"] or None,
            shares=given["shares"],
            segments=given["segments"],
        )
