"""Input about tickets, queues, sorting and credentials."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.service.models import Credential, Queue, SortingRule, StaffProfile, TicketClock, Topic
from homeground.ui.forms import DateInput, MomentInput, PickMany, PickOne
from homeground.wecom.models import Staff


class TicketFilter(forms.Form):
    """Which tickets a list shows."""

    WHICH = [
        ("", _("未结")),
        ("late", _("已超时")),
        ("complaint", _("投诉")),
        ("unowned", _("没有处理人")),
        ("closed", _("已结单")),
    ]
    queue = forms.ChoiceField(label=_("队列"), required=False, choices=[("", _("全部")), *Queue.choices])
    which = forms.ChoiceField(label=_("哪些"), required=False, choices=WHICH)
    staff = forms.ModelChoiceField(label=_("处理人"), required=False, queryset=Staff.objects.all(), widget=PickOne())
    q = forms.CharField(label=_("内容"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_staff(self)


class OpenTicketForm(forms.Form):
    """A ticket opened by hand, from a customer's page."""

    customer = forms.IntegerField(widget=forms.HiddenInput)
    queue = forms.ChoiceField(label=_("交给谁"), choices=Queue.choices, initial=Queue.AFTER_SALES)
    text = forms.CharField(label=_("客户遇到了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    is_complaint = forms.BooleanField(label=_("客户在投诉"), required=False)


class TakeForm(forms.Form):
    staff = forms.ModelChoiceField(label=_("处理人"), queryset=Staff.objects.filter(is_active=True), widget=PickOne())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_staff(self)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("记一笔"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class CloseForm(forms.Form):
    resolution = forms.CharField(
        label=_("怎么解决的"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("客户会认可的结果。"),
    )


class QueueForm(forms.Form):
    """Who takes tickets of one queue."""

    staff = forms.ModelMultipleChoiceField(
        label=_("接单的人"), queryset=Staff.objects.filter(is_active=True), required=False, widget=PickMany()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_staff(self)


class ClockForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    class Meta:
        model = TicketClock
        fields = ["queue", "is_complaint", "minutes", "valid_from", "source"]
        widgets = {"valid_from": MomentInput()}


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """Words apart by blanks, commas or lines."""

    words = forms.CharField(label=_("关键词"), max_length=600, help_text=_("出现任意一个就命中；用空格或顿号分隔。"))

    class Meta:
        model = SortingRule
        fields = ["words", "topic"]

    def clean_words(self) -> list[str]:
        """The words, each once, at most 30 characters."""
        found = [word for word in re.split(r"[\s,\uff0c\u3001]+", self.cleaned_data["words"]) if word]
        if long := next((word for word in found if len(word) > 30), None):
            raise forms.ValidationError(_("“%(word)s” 超过 30 个字。"), params={"word": long[:12] + "…"})
        return list(dict.fromkeys(found))


class CorrectionForm(forms.Form):
    topic = forms.ChoiceField(choices=Topic.choices)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    class Meta:
        model = StaffProfile
        fields = ["headline", "expertise", "introduction", "is_shown"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 5})}


class CredentialForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    class Meta:
        model = Credential
        fields = ["title", "number", "issuer", "issued_on", "expires_on"]
        widgets = {"issued_on": DateInput(), "expires_on": DateInput()}


class GroupExpertForm(forms.Form):
    expert = forms.ModelChoiceField(
        label=_("群内专家"), queryset=Staff.objects.none(), required=False, widget=PickOne()
    )

    def __init__(self, experts: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = experts  # type: ignore[attr-defined]
        _name_staff(self)


def _name_staff(form: forms.Form) -> None:
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.label_from_instance = _title  # type: ignore[method-assign,assignment]


def _title(staff: Staff) -> str:
    return staff.title
