"""Filters of the stream."""

from datetime import datetime, timedelta

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from homeground.core import time
from homeground.events import queries
from homeground.events.labels import label, source_choices


class Within(TextChoices):
    """接收时间."""

    ANY = "", _("不限")
    HOUR = "1", _("近 1 小时")
    DAY = "24", _("近 24 小时")
    WEEK = "168", _("近 7 天")
    MONTH = "720", _("近 30 天")


class StreamFilter(forms.Form):
    """Which events to show. All of it stands in the address."""

    name = forms.CharField(label=_("事件"), required=False, widget=forms.Select(attrs={"data-pick": ""}))
    source = forms.CharField(label=_("来源"), required=False, widget=forms.Select)
    within = forms.ChoiceField(label=_("接收时间"), required=False, choices=Within.choices)
    customer = forms.IntegerField(label=_("客户编号"), required=False, min_value=1, max_value=2**62)

    def offer_choices(self) -> None:
        """Fill the lists with what there is, for the page that shows them; the fragment that refreshes needs none."""
        names, sources = queries.names_and_sources()
        self.fields["name"].widget.choices = [("", _("全部")), *((name, _named(name)) for name in names)]
        self.fields["source"].widget.choices = [("", _("全部")), *source_choices(sources)]

    def wanted(self) -> queries.Wanted:
        """What was asked for; a field that makes no sense is left out."""
        self.is_valid()
        said = getattr(self, "cleaned_data", {})
        return queries.Wanted(
            name=said.get("name") or "",
            source=said.get("source") or "",
            customer_id=said.get("customer") or 0,
            since=_since(said.get("within") or ""),
        )


def _named(name: str) -> str:
    known = label(name)
    return known if known == name else f"{known} · {name}"


def _since(hours: str) -> datetime | None:
    return time.now() - timedelta(hours=int(hours)) if hours else None
