"""Input of the customer pages."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from homeground.commerce.queries import bought_between
from homeground.core import time
from homeground.events.labels import source_choices
from homeground.people.models import Consent, Customer, Relation, Tag
from homeground.people.queries import CustomerFilter, matching, recent_sources
from homeground.ui.forms import DateInput, PickOne

_ANY = ("", _("全部"))


class CustomerFilters(forms.Form):
    """查询客户"""

    text = forms.CharField(
        label=_("关键词"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"placeholder": _("姓名 / 手机号 / 邮箱")}),
    )
    relation = forms.ChoiceField(label=_("关系阶段"), required=False, choices=[_ANY, *Relation.choices])
    tag = forms.ChoiceField(
        label=_("标签"),
        required=False,
        widget=PickOne,
        choices=lambda: [_ANY, *((tag, tag) for tag in Tag.objects.order_by("name").values_list("name", flat=True))],
    )
    source = forms.ChoiceField(
        label=_("来源"),
        required=False,
        choices=lambda: [_ANY, *source_choices(recent_sources())],
    )
    consent = forms.ChoiceField(
        label=_("营销授权"),
        required=False,
        choices=[_ANY, ("promotion:granted", _("已同意")), ("promotion:refused", _("已拒绝"))],
    )
    since = forms.DateField(label=_("下单从"), required=False, widget=DateInput)
    until = forms.DateField(label=_("下单到"), required=False, widget=DateInput)

    def customers(self, zone: str) -> QuerySet[Customer]:
        """The customers that fit. The days of orders are days of the zone."""
        said = self.cleaned_data
        fields = ("text", "relation", "tag", "source", "consent")
        found = matching(CustomerFilter(**{name: said[name] for name in fields}))
        if not said["since"] and not said["until"]:
            return found
        since = time.start_of(said["since"], zone) if said["since"] else None
        until = time.start_of(said["until"] + timedelta(days=1), zone) if said["until"] else None
        return bought_between(found, since, until)

    def rule(self) -> dict[str, Any]:
        """The same choice as a segment's rule, as far as a rule can say it."""
        said = self.cleaned_data
        parts: list[dict[str, Any]] = [{key: [said[key]]} for key in ("relation", "tag", "source") if said[key]]
        if said["consent"]:
            purpose, _colon, answer = said["consent"].partition(":")
            parts.append({"consent": purpose, "channel": "*", "is": answer})
        return {"all": parts}


class NewTag(forms.Form):
    """打标签"""

    name = forms.CharField(
        label=_("标签"),
        max_length=60,
        widget=forms.TextInput({"list": "known-tags", "placeholder": _("输入或选择标签")}),
    )
    expires_on = forms.DateField(label=_("有效期至"), required=False, widget=DateInput, help_text=_("留空则一直有效。"))

    def expires_at(self, zone: str) -> datetime | None:
        """The end of the last day, in the zone."""
        last = self.cleaned_data["expires_on"]
        return time.start_of(last + timedelta(days=1), zone) if last else None


class Withdrawal(forms.Form):
    """登记退订"""

    purpose = forms.ChoiceField(label=_("用途"), choices=Consent.Purpose.choices)
    channel = forms.ChoiceField(label=_("渠道"))
    proof = forms.CharField(
        label=_("凭证"), max_length=300, help_text=_("客户在哪里、怎么说的，例如：来电要求不再发短信。")
    )

    def __init__(self, *args: Any, channels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [("*", _("全部渠道")), *channels]  # type: ignore[attr-defined]
