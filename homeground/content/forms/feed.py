"""What people type about the feed: posts, limits, personas."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from homeground.content.models import FeedKind, FeedLimit, MomentPlan, Persona, PersonaSlot
from homeground.content.models.feed import PLANNED_KINDS, SELLING
from homeground.content.models.personas import Weekday
from homeground.content.services import SlotGiven
from homeground.people.models import Tag
from homeground.ui.forms import DateInput, MomentInput, PickMany, PickOne
from homeground.wecom.models import Staff

# What sells comes last: what a form offers first is what people take.
_KINDS = [(kind.value, kind.label) for kind in sorted(PLANNED_KINDS, key=lambda kind: kind in SELLING)]


class PersonaChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """A persona by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class StaffChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Members of staff by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class OneStaffChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A member of staff by their name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class TagChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Tags by group and name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.group} · {obj.name}" if obj.group else str(obj.name)


class MonthForm(forms.Form):
    """Which month, whose feed."""

    month = forms.DateField(
        required=False,
        input_formats=["%Y-%m"],
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))],
    )
    persona = forms.ModelChoiceField(Persona.objects.filter(is_active=True), required=False)


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """One post."""

    tags = TagChoice(
        Tag.objects.order_by("group", "name"), label=_("客户标签"), required=False, widget=PickMany,
        help_text=_("有其中任何一个标签的客户能看到。“已消费 / 未消费”由系统按订单自动维护。"),
    )  # fmt: skip
    senders = StaffChoice(
        Staff.objects.filter(is_active=True), label=_("发表员工"), required=False, widget=PickMany,
        help_text=_("到点后企业微信会提醒他们，本人点“发表”才会发出。"),
    )  # fmt: skip
    persona = PersonaChoice(
        Persona.objects.filter(is_active=True), label=_("人设"), required=False, help_text=_("这条算谁的栏目。")
    )
    override_reason = forms.CharField(
        label=_("例外理由"), required=False, max_length=200,
        help_text=_("负责人批准例外时填写，会连同姓名和时间留下记录。"),
    )  # fmt: skip

    class Meta:
        model = MomentPlan
        fields = ["topic", "kind", "persona", "planned_at", "text", "audience", "tags", "is_by_all", "senders"]
        widgets = {"text": forms.Textarea({"rows": 9}), "planned_at": MomentInput, "audience": forms.RadioSelect}
        help_texts = {
            "kind": _("产品与福利算“卖”；生活、专业、口碑让人愿意看。"),
            "text": _("最多 2000 个字符且 4000 字节（约 1333 个汉字）。所有人看到的都一样，没有占位符。"),
            "audience": _("不分人群，就是对所有人说同样的话。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _KINDS  # type: ignore[attr-defined]


class LimitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new limit."""

    max_selling = forms.IntegerField(label=_("产品与福利最多占（%）"), min_value=0, max_value=100)

    class Meta:
        model = FeedLimit
        fields = ["window_days", "min_posts", "max_per_day", "valid_from", "source"]
        widgets = {"valid_from": MomentInput}

    field_order = ["max_selling", "window_days", "min_posts", "max_per_day", "valid_from", "source"]

    def row(self, by: str) -> FeedLimit:
        """The row that this form is."""
        limit: FeedLimit = self.save(commit=False)
        limit.max_selling_bp = self.cleaned_data["max_selling"] * 100
        limit.set_by = by[:150]
        return limit


class OwnPostFilter(forms.Form):
    """Which of the posts that nobody planned."""

    label = forms.ChoiceField(
        label=_("归类"), required=False,
        choices=[("", _("全部")), ("none", _("未归类")), *FeedKind.choices],
    )  # fmt: skip
    staff = OneStaffChoice(Staff.objects.order_by("pk"), label=_("员工"), required=False, widget=PickOne)


class PersonaForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who speaks."""

    staff = OneStaffChoice(
        Staff.objects.filter(is_active=True), label=_("企微员工"), required=False, widget=PickOne,
        help_text=_("接上员工后，发表情况和规律分会自动统计。"),
    )  # fmt: skip

    class Meta:
        model = Persona
        fields = ["name", "staff", "identity", "begins_on", "expertise", "tone", "is_owner", "is_active"]
        widgets = {"begins_on": DateInput}


class SlotForm(forms.Form):
    """One slot of the week; an empty one is none."""

    weekday = forms.TypedChoiceField(
        label=_("星期"), required=False, coerce=int, empty_value=None, choices=[("", "—"), *Weekday.choices]
    )
    at = forms.TimeField(label=_("时间"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    kind = forms.ChoiceField(label=_("内容类型"), required=False, choices=_KINDS)
    topic = forms.CharField(label=_("栏目"), required=False, max_length=60)


SlotForms = forms.formset_factory(SlotForm, extra=3, max_num=21, absolute_max=30)


def slots_of(forms_given: Any) -> list[SlotGiven]:
    """The slots of a valid formset: those with a weekday."""
    given = (form.cleaned_data for form in forms_given)
    return [
        SlotGiven(slot["weekday"], slot["at"], slot["kind"], slot["topic"])
        for slot in given
        if slot.get("weekday") is not None and slot.get("at")
    ]


def slot_values(slots: list[PersonaSlot]) -> list[dict[str, Any]]:
    """What the formset begins with."""
    return [{"weekday": slot.weekday, "at": slot.at, "kind": slot.kind, "topic": slot.topic} for slot in slots]
