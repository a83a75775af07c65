"""Filters of the stream."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from homeground.core import time
from homeground.events import queries
from homeground.events.labels import label


class Within(TextChoices):
    """接收时间."""

    ANY = "", _("不限")
    HOUR = "1", _("近 1 小时")
    DAY = "24", _("近 24 小时")
    WEEK = "168", _("近 7 天")
    MONTH = "720", _("近 30 天")


class StreamFilter(forms.Form):
    """Which events to show. All of it stands in the address."""

    name = forms.ChoiceField(label=_("事件"), required=False)
    source = forms.ChoiceField(label=_("来源"), required=False)
    within = forms.ChoiceField(label=_("接收时间"), required=False, choices=Within.choices)
    customer = forms.IntegerField(label=_("客户编号"), required=False, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(row.name, _named(row)) for row in queries.event_names()]
        self.fields["name"] = forms.ChoiceField(label=_("事件"), required=False, choices=[("", _("全部")), *names])
        sources = [(row.name, row.name) for row in queries.sources()]
        self.fields["source"] = forms.ChoiceField(label=_("来源"), required=False, choices=[("", _("全部")), *sources])
        self.fields["name"].widget.attrs["data-pick"] = ""
        self.order_fields(["name", "source", "within", "customer"])

    def wanted(self) -> queries.Wanted:
        """What was asked for; a field that makes no sense is left out."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return queries.Wanted(
            name=said.get("name") or "",
            source=said.get("source") or "",
            customer_id=said.get("customer") or 0,
            since=_since(said.get("within") or ""),
        )


def _named(row: queries.NamedCount) -> str:
    known = label(row.name)
    return known if known == row.name else f"{known} · {row.name}"


def _since(hours: str) -> datetime | None:
    return time.now() - timedelta(hours=int(hours)) if hours else None
