"""Input of a handover: whose customers, by which rules, to whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from homeground.people.models import Tag
from homeground.service.models import HandoverRule
from homeground.service.services.handover import Rule
from homeground.ui.forms import PickMany, PickOne
from homeground.wecom.models import Staff

_TAG_RULES = ("one", "two")


class HandoverForm(forms.Form):
    """Up to two rules by tag, one by recent orders, and who takes the rest."""

    giver = forms.ModelChoiceField(label=_("谁的客户"), queryset=Staff.objects.all(), widget=PickOne())
    tag_one = forms.ModelChoiceField(
        label=_("有这个标签的"), required=False, queryset=Tag.objects.order_by("name"), widget=PickOne()
    )
    takers_one = forms.ModelMultipleChoiceField(
        label=_("给"), required=False, queryset=Staff.objects.filter(is_active=True), widget=PickMany()
    )
    tag_two = forms.ModelChoiceField(
        label=_("再有这个标签的"), required=False, queryset=Tag.objects.order_by("name"), widget=PickOne()
    )
    takers_two = forms.ModelMultipleChoiceField(
        label=_("给"), required=False, queryset=Staff.objects.filter(is_active=True), widget=PickMany()
    )
    days = forms.IntegerField(label=_("最近多少天内下过单的"), required=False, min_value=1, max_value=730)
    takers_days = forms.ModelMultipleChoiceField(
        label=_("给"), required=False, queryset=Staff.objects.filter(is_active=True), widget=PickMany()
    )
    takers_rest = forms.ModelMultipleChoiceField(
        label=_("其余客户给"),
        required=False,
        queryset=Staff.objects.filter(is_active=True),
        widget=PickMany(),
        help_text=_("多位员工时，按各自的每日人力和现有好友数分匀。留空：其余客户不动。"),
    )
    gives_groups = forms.BooleanField(label=_("客户群一起继承"), required=False, initial=True)
    message = forms.CharField(
        label=_("告知客户的话"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("在职继承时，客户会看到这句话；离职继承由平台告知。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("giver", *(f"takers_{rule}" for rule in (*_TAG_RULES, "days", "rest"))):
            field: Any = self.fields[name]
            field.label_from_instance = _staff_label
        for rule in _TAG_RULES:
            tag: Any = self.fields[f"tag_{rule}"]
            tag.label_from_instance = lambda row: row.name

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in (*_TAG_RULES, "days"):
            condition = found.get("days") if name == "days" else found.get(f"tag_{name}")
            if bool(condition) != bool(found.get(f"takers_{name}")):
                self.add_error(f"takers_{name}", gettext("条件和接替员工要一起填，或一起留空。"))
        return found

    @property
    def rules(self) -> list[Rule]:
        """The filled rules in order."""
        given, basis = self.cleaned_data, HandoverRule.Basis
        found = [
            Rule(basis.TAG, list(given[f"takers_{name}"]), tag=given[f"tag_{name}"])
            for name in _TAG_RULES
            if given[f"tag_{name}"]
        ]
        if given["days"]:
            found.append(Rule(basis.ORDERED, list(given["takers_days"]), days=given["days"]))
        if given["takers_rest"]:
            found.append(Rule(basis.REST, list(given["takers_rest"])))
        return found


def _staff_label(staff: Any) -> str:
    name = f"{staff.title} · {staff.department}" if staff.department else str(staff.title)
    return name if staff.is_active else gettext("%s（已离职）") % name
