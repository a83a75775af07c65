"""Fields whose unit on screen is not that of the table."""

from decimal import Decimal
from typing import Any

from django import forms

from homeground.core import money
from homeground.people.queries import brand

_PERCENT = Decimal(100)


class PercentField(forms.DecimalField):
    """A percentage on screen, basis points in Python."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=7, decimal_places=2, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return (Decimal(value) / _PERCENT).normalize().to_eng_string() if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else int(percent * _PERCENT)


class MoneyField(forms.DecimalField):
    """The brand's currency on screen, minor units in Python; left empty: nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=9, decimal_places=2, min_value=0, required=False, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return money.to_major(value, brand().currency) if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        return money.to_minor(super().clean(value) or Decimal(), brand().currency)
