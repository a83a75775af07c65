"""Fields of several forms of the room."""

from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.growth.models import Source
from homeground.growth.schedule import DAY
from homeground.wecom.models import Staff

WEEKDAYS = [
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
]
_PERCENT = Decimal(100)


class PercentField(forms.DecimalField):
    """A percentage on screen, basis points in Python."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=6, decimal_places=2, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return (Decimal(value) / _PERCENT).normalize().to_eng_string() if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else int(percent * _PERCENT)


class MinuteField(forms.TimeField):
    """A time of day, in minutes after midnight. is_end: 00:00 is the midnight at the end of the day."""

    def __init__(self, *, is_end: bool = False, **options: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)
        self.is_end = is_end

    def prepare_value(self, value: Any) -> Any:
        return time(value // 60 % 24, value % 60) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        minute = given.hour * 60 + given.minute
        return DAY if self.is_end and not minute else minute


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week as numbers, 0 is Monday."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, label=_("星期"), **options)


class SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """One of the sources."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Source.objects.all(), required=False, label=_("来源"), **options)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class StaffField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """Active members of the corp."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Staff.objects.filter(is_active=True).order_by("name", "pk"), **options)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} · {obj.department}" if obj.department else str(obj.title)
