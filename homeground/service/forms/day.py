"""Input about the staff's day and what the lead sets."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.service.models import ChatRetention, FollowUpRule, ReplyClock, Work
from homeground.ui.forms import DateInput, MomentInput, PickMany, PickOne
from homeground.wecom.models import Staff

WEEKDAYS = [
    (1, _("周一")),
    (2, _("周二")),
    (3, _("周三")),
    (4, _("周四")),
    (5, _("周五")),
    (6, _("周六")),
    (7, _("周日")),
]


class _Weekdays(forms.TypedMultipleChoiceField):
    def __init__(self) -> None:
        super().__init__(label=_("工作日"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple)


class RequestForm(forms.Form):
    """A friend request that the platform does not tell of."""

    label = forms.CharField(label=_("谁在申请"), max_length=100, help_text=_("微信名或备注，便于辨认"))
    at = forms.DateTimeField(label=_("申请时间"), widget=MomentInput)


class ClockForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """A reply clock that counts from a day on."""

    weekdays = _Weekdays()

    class Meta:
        model = ReplyClock
        fields = ["kind", "minutes", "is_in_hours", "starts", "ends", "weekdays", "valid_from", "source"]
        widgets = {
            "valid_from": MomentInput,
            "starts": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "ends": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """For how long words are kept."""

    class Meta:
        model = ChatRetention
        fields = ["days", "valid_from", "source"]
        widgets = {"valid_from": MomentInput}


class FollowUpRuleForm(forms.Form):
    """In how many days which customers are due again."""

    basis = forms.ChoiceField(label=_("依据"), choices=FollowUpRule.Basis.choices)
    key = forms.CharField(
        label=_("属性标识"), required=False, max_length=60, help_text=_("依据为属性时填写，例如 tier")
    )
    value = forms.CharField(
        label=_("值"), required=False, max_length=150,
        help_text=_("标签名、属性值，或关系阶段：单边关系、双边关系、多边关系"),
    )  # fmt: skip
    days = forms.IntegerField(label=_("间隔天数"), min_value=0, max_value=730, help_text=_("0：不需要定期跟进。"))
    rank = forms.IntegerField(label=_("次序"), min_value=1, max_value=999, initial=50, help_text=_("小的先看"))


class MinutesForm(forms.Form):
    """How long one piece of each kind of work takes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in Work.choices:
            self.fields[kind] = forms.DecimalField(
                label=label, min_value=Decimal("0.1"), max_value=480, max_digits=5, decimal_places=1
            )


class CapacityForm(forms.Form):
    """How many minutes of which days members have for customers."""

    staff = forms.ModelMultipleChoiceField(label=_("员工"), queryset=Staff.objects.none(), widget=PickMany())
    minutes = forms.IntegerField(label=_("每日分钟"), min_value=0, max_value=960, initial=240)
    weekdays = _Weekdays()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_staff(self, "staff")


class HandForm(forms.Form):
    """A task that the lead gives by hand."""

    staff = forms.ModelMultipleChoiceField(label=_("交给谁"), queryset=Staff.objects.none(), widget=PickMany())
    title = forms.CharField(label=_("要做什么"), max_length=150)
    instructions = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = forms.DateField(label=_("截止日期"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_staff(self, "staff")


class MoveForm(forms.Form):
    """What to do with what will not fit: give it to a colleague, to a later day, or let a colleague help."""

    HOW = [("move", _("转给同事")), ("postpone", _("顺延")), ("cover", _("加一位后备"))]
    how = forms.ChoiceField(label=_("怎么办"), choices=HOW, widget=forms.RadioSelect)
    count = forms.IntegerField(
        label=_("件数"), required=False, min_value=1, max_value=5000, help_text=_("转出或顺延多少件")
    )  # fmt: skip
    to = forms.ModelChoiceField(label=_("同事"), required=False, queryset=Staff.objects.none(), widget=PickOne())
    until = forms.DateField(label=_("到哪天"), required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_staff(self, "to")


def _name_staff(form: forms.Form, name: str) -> None:
    field: Any = form.fields[name]
    field.queryset = Staff.objects.filter(is_active=True).order_by("name", "userid")
    field.label_from_instance = lambda staff: staff.title
