"""The anniversary of an only order: last August's buyer is thought of again this August.

A convention, not an estimate: what one order says is its season. The date is the anniversary itself; how long before it
somebody is written to (July) is decided where the date is used. The interval is the same half month around it.
"""

import numpy as np

from homeground.insights.value.purchases import Ints

AROUND_DAYS = 15


def anniversaries(days: Ints, until: int) -> Ints:
    """The first anniversary of each day that is not over by more than AROUND_DAYS; 29 February is kept on the 28th."""
    bought = days.astype("datetime64[D]")
    first = bought.astype("datetime64[Y]").astype(np.int64) + 1
    soonest = np.datetime64(until - AROUND_DAYS, "D").astype("datetime64[Y]").astype(np.int64)
    year = np.maximum(first, soonest)
    day = _in_year(bought, year)
    return np.where(day + AROUND_DAYS < until, _in_year(bought, year + 1), day)


def _in_year(bought: "np.ndarray[tuple[int], np.dtype[np.datetime64]]", year: Ints) -> Ints:
    """The same month and day of a year (counted from 1970), as day numbers."""
    months = bought.astype("datetime64[M]")
    month = year * 12 + months.astype(np.int64) % 12
    start, after = month.astype("datetime64[M]"), (month + 1).astype("datetime64[M]")
    wanted = start.astype("datetime64[D]").astype(np.int64) + (bought - months).astype(np.int64)
    day: Ints = np.minimum(wanted, after.astype("datetime64[D]").astype(np.int64) - 1)
    return day
