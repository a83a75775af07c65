"""homeground wecom connect | sync | drift | tags | callbacks list | callbacks replay."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores

Secret = Annotated[str, typer.Option(help="Better through --credentials: a command line is seen by others.")]
Text = Annotated[str, typer.Option()]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="The corp on WeCom: connect, sync, drift, tags, callbacks.")
    for verb in (connect, sync, drift, tags):
        group.command()(verb)
    callbacks = typer.Typer(no_args_is_help=True, help="What the platform told us: list, replay.")
    callbacks.command("list")(list_callbacks)
    callbacks.command()(replay)
    group.add_typer(callbacks, name="callbacks")
    app.add_typer(group, name="wecom")


def connect(
    credentials: Annotated[
        str, typer.Option(help="A JSON file with corpid, contact_secret, secret, agentid, token, aes_key; - for stdin.")
    ] = "",
    corpid: Text = "",
    contact_secret: Secret = "",
    secret: Secret = "",
    agentid: Text = "",
    token: Secret = "",
    aes_key: Secret = "",
    base_url: Annotated[str, typer.Option(help="Where the API is; left out: the platform.")] = "",
    name: Text = "",
    as_json: AsJson = False,
) -> None:
    """Connect the corp, once both secrets have fetched a token. A repeat changes nothing."""
    open_stores()
    from homeground.wecom.services.connecting import connect_corp

    given = {"corpid": corpid, "contact_secret": contact_secret, "secret": secret, "agentid": agentid, "token": token,
             "aes_key": aes_key, "base_url": base_url, "name": name}  # fmt: skip
    said = _credentials(credentials)
    wanted = {key: str(given[key] or said.get(key) or "") for key in given}
    corp = connect_corp(
        corpid=wanted.pop("corpid"),
        contact_secret=wanted.pop("contact_secret"),
        **{key: value for key, value in wanted.items() if value},
    )
    answer({"corpid": corp.corpid, "base_url": corp.base_url}, f"{corp.corpid}: {corp.base_url}", as_json)


def sync(
    full: Annotated[bool, typer.Option("--full", help="Read every member's contacts, not only whose differ.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring our copy in step with the platform; goes on where an interrupted one stopped."""
    open_stores()
    from homeground.wecom.services import sync as syncing

    with _bar() as told:
        run = syncing.run(full, lambda standing: told(standing.done, standing.parts))
    run.refresh_from_db()
    document = {"run": run.pk, "full": run.is_full, "started_at": run.started_at, "finished_at": run.finished_at}
    lines = "\n".join(f"{value:>10,}  {name}" for name, value in run.counts.items())
    answer(document | run.counts, lines, as_json)


def drift(
    lines: Annotated[int, typer.Option(help="How many differences to list.", min=0)] = 100, as_json: AsJson = False
) -> None:
    """Compare our copy with the platform."""
    open_stores()
    from homeground.wecom.services import drift as comparing

    report = comparing.compare()
    found = list(report.lines.order_by("pk").values("subject", "key", "userid", "here", "there", "why")[:lines])
    text = "\n".join(f"{row['subject']:<16} {row['key']:<40} {row['why']}" for row in found)
    document: dict[str, Any] = {"differences": report.differences, "compared": report.compared, "lines": found}
    answer(document, f"{report.differences:,} differences\n{text}".strip(), as_json)


def tags(as_json: AsJson = False) -> None:
    """Mark on the platform what was tagged here."""
    open_stores()
    from homeground.wecom.services import tags as pushing

    pushed = pushing.push()
    answer(vars(pushed), f"{pushed.marked} marked, {pushed.failed} failed", as_json)


def list_callbacks(
    state: Annotated[str, typer.Option(help="waiting, handled or failed; left out: all.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Callbacks, newest first."""
    open_stores()
    from homeground.wecom.models import Callback

    found = Callback.objects.filter(state=state) if state else Callback.objects.all()
    fields = ("id", "event", "subject", "userid", "state", "attempts", "repeats", "received_at", "error", "welcome")
    rows = list(found.order_by("-pk").values(*fields)[:limit])
    text = "\n".join(f"{row['id']:>8}  {row['state']:<8} {row['event']:<52} {row['error']}" for row in rows)
    answer({"callbacks": rows}, text, as_json)


def replay(
    callback: Annotated[int | None, typer.Argument(help="Its number; left out: all that failed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Handle one callback again, or all that failed; what they did already does not happen twice."""
    open_stores()
    from homeground.wecom.services import callbacks

    if callback is None:
        replayed = callbacks.replay_failed()
    else:
        callbacks.replay(callback)
        replayed = 1
    handled = callbacks.handle_waiting()  # With `up` running its worker may be quicker.
    answer({"replayed": replayed, "handled": handled}, f"{replayed} replayed, {handled} handled here", as_json)


def _credentials(place: str) -> dict[str, Any]:
    if not place:
        return {}
    try:
        found = json.loads(sys.stdin.read() if place == "-" else Path(place).read_text())
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"cannot read the credentials: {error}") from error
    if not isinstance(found, dict):
        raise typer.BadParameter("the credentials are one JSON object")
    return found


@contextmanager
def _bar() -> Iterator[Any]:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("sync", total=None)
        yield lambda done, parts: progress.update(task, completed=done, total=parts)
