"""homeground journeys list | show | publish | pause | resume | end | enter | walk | schema | webhook-secret …"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores

Slug = Annotated[str, typer.Argument(help="The journey's slug.")]
Draft = Annotated[
    Path | None, typer.Option("--draft", metavar="GRAPH.json", help="Keep this as the draft first; - reads stdin.")
]
Succession = Annotated[str, typer.Option(help="Those inside: finish on their version, move by --map, or leave.")]
Moves = Annotated[
    list[str] | None, typer.Option("--map", metavar="OLD=NEW", help="Whoever stands at OLD goes on at NEW; repeatable.")
]
Cause = Annotated[str, typer.Option(help="What they enter for; a repeat with the same cause lets nobody in twice.")]
Key = Annotated[str, typer.Option(help="Tells walks of one customer apart.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="Journeys: list, show, publish, pause, resume, end, enter.")
    group.command("list")(list_journeys)
    for verb in (show, publish, pause, resume, end, enter, walk, schema, webhook_secret, webhook_hosts):
        group.command()(verb)
    app.add_typer(group, name="journeys")


def list_journeys(as_json: AsJson = False) -> None:
    """The journeys, newest first, with how many are inside."""
    open_stores()
    from homeground.journeys.models import Journey
    from homeground.journeys.queries.journey_documents import journey_summaries

    found = journey_summaries(list(Journey.objects.select_related("live").listed()))
    lines = [f"{one['slug']}  {one['state']:<6}  {one['walking']:>9,}  {one['name']}" for one in found]
    answer({"journeys": found}, "\n".join(lines) or "No journeys.", as_json)


def show(slug: Slug, as_json: AsJson = False) -> None:
    """One journey: who is inside and where, who left and why."""
    open_stores()
    _show(slug, as_json)


def publish(
    slug: Slug, draft: Draft = None, succession: Succession = "finish", moves: Moves = None, as_json: AsJson = False
) -> None:
    """Let the draft go live as a new version."""
    open_stores()
    from homeground.journeys.queries.journeys import journey_of
    from homeground.journeys.services import publishing

    journey = journey_of(slug)
    if draft:
        publishing.save_draft(journey.pk, _document(draft))
    publishing.publish(journey.pk, by="command line", succession=_chosen(succession), node_map=_node_map(moves or []))
    _show(slug, as_json)


def pause(slug: Slug, as_json: AsJson = False) -> None:
    """Hold everybody where they are; `resume` goes on."""
    _move(slug, "pause", as_json)


def resume(slug: Slug, as_json: AsJson = False) -> None:
    """Go on."""
    _move(slug, "resume", as_json)


def end(slug: Slug, as_json: AsJson = False) -> None:
    """End it for good: everybody leaves."""
    _move(slug, "end", as_json)


def enter(
    slug: Slug,
    customers: Annotated[list[str], typer.Argument(metavar="WHO…", help="Customer numbers, or KIND:VALUE.")],
    cause: Cause = "",
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Let customers in, by number or identity (phone:13800001234)."""
    open_stores()
    from homeground.core import time
    from homeground.journeys.queries.journeys import journey_of
    from homeground.journeys.services import admitting

    guests = [_guest(who, key) for who in customers]
    found = admitting.admit(journey_of(slug), guests, cause=cause or f"cli-{time.now():%Y%m%dT%H%M%S%f}")
    refused = [f"{count} {reason}" for reason, count in found.refused.items()]
    answer(vars(found), ", ".join([f"{found.entered} entered", f"{found.held_out} held out", *refused]), as_json)


def walk(number: Annotated[int, typer.Argument(help="The walk's number.")], as_json: AsJson = False) -> None:
    """One walk, step by step."""
    open_stores()
    from homeground.journeys.models import Enrolment
    from homeground.journeys.queries.journey_documents import walk_document

    if not Enrolment.objects.filter(pk=number).exists():
        raise typer.BadParameter(f"There is no walk {number}.")
    found = walk_document(number)
    lines = [f"{step['at']}  {step['name']} ({step['node']}) → {step['way']}" for step in found["taken"]]
    text = "\n".join([f"{found['journey']}: {found['state']} {found['ending'] or found['node']}", *lines])
    answer(found, text, as_json)


def schema(as_json: AsJson = True) -> None:
    """The JSON Schema of a graph, as docs/journey.schema.json has it; always JSON."""
    from homeground.journeys.graph.schema import schema_text

    sys.stdout.write(schema_text())


def webhook_secret(as_json: AsJson = False) -> None:
    """The secret by which receivers know that a webhook of a journey is ours."""
    open_stores()
    from homeground.journeys.services.calling import webhook_secret as secret

    answer({"secret": secret()}, secret(), as_json)


def webhook_hosts(
    hosts: Annotated[
        list[str] | None, typer.Argument(metavar="HOST…", help="All of them; none: no private host.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Which hosts in the private network journeys may call."""
    open_stores()
    from homeground.journeys.services.calling import allow_hosts

    allow_hosts(hosts or [])
    answer({"hosts": hosts or []}, " ".join(hosts or []) or "No private host.", as_json)


def _show(slug: str, as_json: bool) -> None:
    from homeground.journeys.queries.journey_documents import journey_document
    from homeground.journeys.queries.journeys import journey_of

    found = journey_document(journey_of(slug))
    lines = [f"{count:>9,}  {name}" for name, count in _numbers(found)]
    places = [
        f"{count:>9,}  {version['number']}.{node}"
        for version in found["versions"]
        for node, count in sorted(version["at"].items())
    ]
    answer(found, "\n".join([f"{found['name']} ({found['state']})", *lines, *places]), as_json)


def _numbers(found: dict[str, Any]) -> list[tuple[str, int]]:
    ended = [(f"ended.{ending}", count) for ending, count in sorted(found["ended"].items())]
    return [("walking", found["walking"]), ("held_out", found["held_out"]), *ended]


def _move(slug: str, verb: str, as_json: bool) -> None:
    open_stores()
    from homeground.journeys.queries.journeys import journey_of
    from homeground.journeys.services import publishing

    getattr(publishing, verb)(journey_of(slug).pk)
    _show(slug, as_json)


def _guest(who: str, key: str) -> Any:
    from homeground.journeys.services.admitting import Guest

    if who.isdecimal() and len(who) < 19:
        return Guest(customer_id=int(who), key=key)
    kind, colon, value = who.partition(":")
    if not colon:
        raise typer.BadParameter(f"{who!r} is neither a customer's number nor KIND:VALUE")
    return Guest(kind=kind, value=value, key=key)


def _chosen(succession: str) -> str:
    if succession not in ("finish", "move", "leave"):
        raise typer.BadParameter(f"{succession!r} is none of finish, move, leave")
    return succession


def _node_map(moves: list[str]) -> dict[str, str]:
    pairs = [move.partition("=") for move in moves]
    if wrong := [move for move, (_old, equals, _new) in zip(moves, pairs, strict=True) if not equals]:
        raise typer.BadParameter(f"{wrong[0]!r} is not OLD=NEW")
    return {old: new for old, _equals, new in pairs}


def _document(draft: Path) -> Any:
    from homeground.journeys.graph.parse import read

    try:
        return read(sys.stdin.buffer.read() if str(draft) == "-" else draft.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"{draft}: {error.strerror}") from error
