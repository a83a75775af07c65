"""What a scorecard shows, and goals."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.core import time
from homeground.people.queries import brand
from homeground.segments.models import Segment
from homeground.service.models import ScoreGoal
from homeground.service.queries.scorecard.audiences import BOUGHT, SEGMENT, TAG
from homeground.ui.forms import DateInput, PickMany, PickOne
from homeground.wecom.models import Staff

WEEKS = [("4", _("近 4 周")), ("8", _("近 8 周")), ("13", _("近 13 周"))]
_MOST_SEGMENTS = 5


class ScorecardFilter(forms.Form):
    """Which weeks, which lines, and by what the conversion is split."""

    weeks = forms.ChoiceField(label=_("时间"), choices=WEEKS, required=False)
    department = forms.ChoiceField(label=_("团队"), required=False)
    staff = forms.ModelChoiceField(
        label=_("员工"),
        required=False,
        queryset=Staff.objects.filter(is_active=True),
        widget=PickOne(),
        empty_label=_("全部"),
    )
    by = forms.ChoiceField(
        label=_("转化按"),
        required=False,
        choices=[(BOUGHT, _("之前买过没有")), (TAG, _("标签")), (SEGMENT, _("人群"))],
    )
    segments = forms.ModelMultipleChoiceField(
        label=_("人群"), required=False, queryset=Segment.objects.order_by("name"), widget=PickMany()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = (
            Staff.objects.exclude(department="").values_list("department", flat=True).distinct().order_by("department")
        )
        self.fields["department"].choices = [("", _("全部")), *((name, name) for name in names)]  # type: ignore[attr-defined]
        self.fields["staff"].label_from_instance = lambda row: row.title  # type: ignore[attr-defined]
        self.fields["segments"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked, with the usual where it was not, or not rightly."""
        given = self.cleaned_data if self.is_valid() else {}
        return {
            "weeks": int(given.get("weeks") or WEEKS[0][0]),
            "department": given.get("department") or "",
            "by": given.get("by") or BOUGHT,
            "segments": list(given.get("segments") or [])[:_MOST_SEGMENTS],
            "staff": given.get("staff"),
        }


class GoalForm(forms.Form):
    """One goal from a day on."""

    metric = forms.ChoiceField(label=_("指标"), choices=ScoreGoal.Metric.choices)
    percent = forms.DecimalField(
        label=_("目标百分比"), min_value=Decimal("0.01"), max_value=Decimal(100), max_digits=5, decimal_places=2
    )
    valid_on = forms.DateField(label=_("从哪天起"), widget=DateInput())
    source = forms.CharField(label=_("依据"), max_length=300, help_text=_("写明出处，例如团队的决定或行业数据。"))

    def goal(self, by: str) -> ScoreGoal:
        """The row; today means from now on."""
        given, now = self.cleaned_data, time.now()
        zone = brand().time_zone
        is_today = given["valid_on"] == time.day_of(now, zone)
        valid_from = now + timedelta(seconds=1) if is_today else time.start_of(given["valid_on"], zone)
        return ScoreGoal(
            metric=given["metric"], share_bp=round(given["percent"] * 100), valid_from=valid_from,
            source=given["source"], set_by=by,
        )  # fmt: skip
