"""The calendar's filters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from homeground.channels.models import Channel
from homeground.core.loop import Link
from homeground.segments.models import Segment
from homeground.ui.forms import PickOne


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """Rows by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class CalendarFilter(forms.Form):
    """What the calendar shows; the segment is also the one whose pressure is shown."""

    link = forms.ChoiceField(
        label=gettext_lazy("环节"), required=False, choices=[("", gettext_lazy("全部")), *Link.choices]
    )
    channel = _Named(
        label=gettext_lazy("渠道"),
        required=False,
        queryset=Channel.objects.filter(is_enabled=True),
        to_field_name="slug",
        empty_label=gettext_lazy("全部"),
    )
    segment = _Named(
        label=gettext_lazy("人群"),
        required=False,
        queryset=Segment.objects.listed(),
        to_field_name="slug",
        empty_label=gettext_lazy("所有客户"),
        widget=PickOne,
    )
