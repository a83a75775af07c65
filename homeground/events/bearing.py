"""What to do with work that fails: an operational failure is tried again, a poisoned event is found and set aside."""

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import InterfaceError, OperationalError, transaction

from homeground.events import warehouse
from homeground.events.batches import Row
from homeground.events.models import SetAside

_PACKAGE = Path(__file__).parent.parent
Work = Callable[[Sequence[Row]], None]


def bear(rows: Sequence[Row], work: Work, who: str, after: Callable[[int], None] = lambda count: None) -> list[Row]:
    """Do work on rows, each piece in its own transaction; halve what fails until the culprits are set aside.

    Returns the rows that were borne.
    after: called in the same transaction with the number of rows that are done with.
    Raises only what is_operational() says may pass by itself; the pieces before it are done.
    """
    try:
        with transaction.atomic():
            work(rows)
            after(len(rows))
        return list(rows)
    except Exception as error:
        if is_operational(error):
            raise
        if len(rows) == 1:
            _set_aside(rows[0], who, error, after)
            return []
    middle = len(rows) // 2
    return bear(rows[:middle], work, who, after) + bear(rows[middle:], work, who, after)


def is_operational(error: Exception) -> bool:
    """Whether the failure is of a store or the network, not of an event: the same call may succeed later."""
    kinds = (OperationalError, InterfaceError, ConnectionError, TimeoutError)
    return isinstance(error, kinds) or warehouse.is_operational(error)


def reason_of(error: Exception) -> str:
    """The kind of error and, from PostgreSQL, the rule that refused: never the message, which may quote a person."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return f"{type(error).__name__} ({name})" if name else type(error).__name__


def trace_of(error: Exception) -> str:
    """Where it failed: our files, lines and functions, innermost last; no values."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_PACKAGE)
    ]
    return "\n".join(
        f"{Path(frame.filename).relative_to(_PACKAGE)}:{frame.lineno} {frame.name}" for frame in frames[-8:]
    )


@transaction.atomic
def _set_aside(row: Row, who: str, error: Exception, after: Callable[[int], None]) -> None:
    SetAside.objects.update_or_create(
        event_id=row.event.id,
        handler=who,
        defaults={"day": row.day, "name": row.event.name, "reason": reason_of(error), "trace": trace_of(error)},
    )
    after(1)
