"""How a segment's membership moved, as charts."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from homeground.segments.models import Generation
from homeground.ui import charts


def growth_chart(generations: Sequence[Generation], zone: str) -> charts.Chart:
    """Members by generation, oldest first."""
    size = [one.customers for one in generations]
    return charts.lines(_("人数变化"), _moments(generations, zone), {_("人数"): size}, area=True)


def movement_chart(generations: Sequence[Generation], zone: str) -> charts.Chart:
    """Who entered and who left with each generation."""
    series = {_("进入"): [one.entered for one in generations], _("离开"): [-one.left for one in generations]}
    return charts.bars(_("进入与离开"), _moments(generations, zone), series, stacked=True)


def _moments(generations: Sequence[Generation], zone: str) -> list[str]:
    return [f"{localtime(one.as_of, ZoneInfo(zone)):%m-%d %H:%M}" for one in generations]
