"""homeground sandbox credentials | simulate | act | truth | clock: a WeCom corp on this machine."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from homeground.core.stores import migrated_database
from homeground.core.terminal import AsJson, answer

Seed = Annotated[int, typer.Option(help="The same seed gives the same corp.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="The sandbox corp: credentials, simulate, act, truth, clock.")
    for verb in (credentials, simulate, act, truth, clock):
        group.command()(verb)
    app.add_typer(group, name="sandbox")


def credentials(
    callback_url: Annotated[str | None, typer.Option(help="Tell events to this address from now on.")] = None,
    as_json: AsJson = False,
) -> None:
    """What a client needs to connect to the sandbox corp; its base URL is BASE/sandbox/wecom/."""
    _open()
    from homeground.sandbox.services import callbacks
    from homeground.sandbox.services.wecom import corp

    if callback_url is not None:
        callbacks.change_address(corp.corp(), callback_url, is_checked=False)
    found = corp.credentials()
    answer(found, "\n".join(f"{name:<15} {value}" for name, value in found.items()), as_json)


def simulate(
    staff: Annotated[int, typer.Option(min=1, max=10_000, help="Members who serve.")] = 20,
    customers: Annotated[int, typer.Option(min=0, max=2_000_000, help="External contacts.")] = 2000,
    seed: Seed = 1,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back the history of adding goes.")] = 240,
    as_json: AsJson = False,
) -> None:
    """Add a whole corp to the sandbox; a repeat with the same numbers adds nothing."""
    _open()
    from homeground.sandbox.services import simulating

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("build", total=6)
        found = simulating.build(
            staff,
            customers,
            seed,
            days=days,
            progress=lambda what, count: progress.update(bar, advance=1, description=what),
        )
    _say_counts(found, as_json)


def act(
    days: Annotated[int, typer.Option(min=1, max=60, help="Days to live, the last of them ending now.")] = 1,
    seed: Seed = 1,
    most: Annotated[int, typer.Option(min=1, max=200_000, help="Actions a day at most.")] = 2000,
    callbacks: Annotated[bool, typer.Option(help="Tell the callback address of each action.")] = True,
    as_json: AsJson = False,
) -> None:
    """Let customers and staff live: adds, chats, removals, groups, confirmations, likes."""
    _open()
    from homeground.sandbox.services import simulating

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("live", total=None)
        found = simulating.live(
            days,
            seed,
            most=most,
            is_telling=callbacks,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )
    _say_counts(found, as_json)


def truth(
    follows: Annotated[bool, typer.Option(help="Every open tie, a JSON line each, instead of the counts.")] = False,
    groups: Annotated[bool, typer.Option(help="Everybody in a group, a JSON line each.")] = False,
    as_json: AsJson = False,
) -> None:
    """What is true in the sandbox corp, to compare with what a sync found."""
    _open()
    from homeground.sandbox.queries import truth as true

    if not (follows or groups):
        _say_counts(true.counts(), as_json)
        return
    for row in true.follows() if follows else true.group_places():
        print(json.dumps(row, ensure_ascii=False, default=str))


def clock(
    ahead: Annotated[int, typer.Option(help="Move the corp's clock on by so many seconds.")] = 0,
    as_json: AsJson = False,
) -> None:
    """What the corp's clock shows."""
    _open()
    from homeground.sandbox.services.wecom import clock as clocks
    from homeground.sandbox.services.wecom import corp

    corp.corp()
    shown = clocks.shift(ahead) if ahead else clocks.now()
    answer({"now": shown.isoformat()}, shown.isoformat(), as_json)


def _open() -> None:
    with migrated_database():
        return


def _say_counts(found: dict[str, Any], as_json: bool) -> None:
    answer(found, "\n".join(f"{count:>11,}  {what}" for what, count in found.items()), as_json)
