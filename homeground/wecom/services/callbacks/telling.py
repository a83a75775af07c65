"""Rooms above hear of callbacks before they count as handled: at least once."""

import logging
from collections.abc import Sequence

from homeground.wecom.services.callbacks.listening import Listener, Told, listeners_of
from homeground.wecom.services.callbacks.reading import Row

log = logging.getLogger(__name__)


def tell(rows: Sequence[Row], errors: dict[int, Exception]) -> None:
    """Give each listener its callbacks; where it fails, they wait with its error."""
    wanted: dict[Listener, list[Row]] = {}
    for row in rows:
        for listener in listeners_of(row.event):
            wanted.setdefault(listener, []).append(row)
    for listener, mine in wanted.items():
        try:
            listener([Told(row.event, row.fields, row.told_at) for row in mine])
        except Exception as error:
            log.exception("A listener failed")
            errors.update({row.id: error for row in mine})
