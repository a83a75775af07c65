"""品牌: what the one row says."""

import re
from zoneinfo import available_timezones

from homeground.people.errors import UnknownCurrency, UnknownTimeZone
from homeground.people.models import Brand


def set_brand(*, name: str, time_zone: str, currency: str) -> Brand:
    """Say whose ground this is. Raises UnknownTimeZone or UnknownCurrency, with nothing written."""
    if time_zone not in available_timezones():
        raise UnknownTimeZone(time_zone)
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise UnknownCurrency(currency)
    said = {"name": name.strip()[:60], "time_zone": time_zone, "currency": currency}
    return Brand.objects.update_or_create(pk=1, defaults=said)[0]


def install_brand() -> None:
    """Make the one row where it is not there yet."""
    Brand.objects.bulk_create([Brand(pk=1)], ignore_conflicts=True)
