"""Input of the customer pages."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from homeground.commerce.models import Order
from homeground.core import time
from homeground.people.models import Consent, Relation, Tag
from homeground.people.queries import CustomerFilter, recent_sources
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
        label=_("来源"), required=False, choices=lambda: [_ANY, *((source, source) for source in recent_sources())]
    )
    consent = forms.ChoiceField(
        label=_("营销授权"),
        required=False,
        choices=[_ANY, ("promotion:granted", _("已同意")), ("promotion:refused", _("已拒绝"))],
    )
    since = forms.DateField(label=_("下单从"), required=False, widget=DateInput)
    until = forms.DateField(label=_("下单到"), required=False, widget=DateInput)

    def chosen(self) -> CustomerFilter:
        """What people can narrow by."""
        fields = ("text", "relation", "tag", "source", "consent")
        return CustomerFilter(**{name: self.cleaned_data[name] for name in fields})

    def bought(self, zone: str) -> Q:
        """Customers with an order paid on these days of the zone; every customer where no day is given."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        if not since and not until:
            return Q()
        orders = Order.objects.filter(kind=Order.Kind.SALE)
        if since:
            orders = orders.filter(paid_at__gte=time.start_of(since, zone))
        if until:
            orders = orders.filter(paid_at__lt=time.start_of(until + timedelta(days=1), zone))
        own, absorbed = orders.filter(customer=OuterRef("pk")), orders.filter(customer__merged_into=OuterRef("pk"))
        return Q(Exists(own)) | Q(Exists(absorbed))

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
