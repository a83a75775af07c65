"""`homeground events`: what has arrived, and what was set aside."""

from datetime import datetime, timedelta
from typing import Annotated

import typer
from django.utils import timezone

from homeground.core import time
from homeground.core.terminal import AsJson, answer
from homeground.events import batches, mending, queries, stream
from homeground.events.errors import NoMoment
from homeground.events.stores import open_stores


def register(app: typer.Typer) -> None:
    """Add the verbs of this room."""
    events = typer.Typer(no_args_is_help=True, help="The stream: what has arrived, and what was set aside.")
    events.command()(count)
    events.command("set-aside")(set_aside)
    app.add_typer(events, name="events")


def count(
    name: Annotated[str | None, typer.Option(help="Only events of this name.")] = None,
    since: Annotated[str | None, typer.Option(help="Only what happened at or after this date or time (ISO).")] = None,
    wait: Annotated[bool, typer.Option(help="First wait until everything accepted so far has arrived.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count the events that have reached ClickHouse, and the customers they are about."""
    start = None if since is None else moment(since)
    open_stores()
    if wait:
        stream.drain(until=batches.accepted_up_to())
    as_of = time.now() - timedelta(seconds=queries.lag().oldest_seconds)
    totals = queries.totals(name, start)
    found = {"events": totals.events, "customers": totals.customers, "as_of": as_of.isoformat()}
    answer(
        found,
        f"{totals.events:,} events of {totals.customers:,} customers, as of {as_of:%Y-%m-%d %H:%M:%S} UTC",
        as_json,
    )


def set_aside(
    retry: Annotated[bool, typer.Option("--retry", help="Try all of them again.")] = False, as_json: AsJson = False
) -> None:
    """List the events that a handler could not bear, by handler and reason; or try them again."""
    open_stores()
    done = mending.retry_set_aside().done if retry else 0
    groups = queries.set_aside_groups()
    found = {
        "waiting": sum(group.events for group in groups),
        "retried": done,
        "groups": [vars(group) for group in groups],
    }
    lines = [f"{group.events:,} × {group.name} in {group.handler}: {group.reason}" for group in groups]
    answer(
        found, "\n".join([*([f"{done:,} went through."] if retry else []), *lines]) or "Nothing is set aside.", as_json
    )


def moment(given: str) -> datetime:
    """A date or time as somebody wrote it; without an offset it is of the deployment's zone. Raises NoMoment."""
    try:
        found = datetime.fromisoformat(given)
        found = found if found.tzinfo else timezone.make_aware(found)
    except (ValueError, OverflowError):
        raise NoMoment(given) from None
    if not 1900 < found.year < 2299:
        raise NoMoment(given)
    return found
