"""`homeground segments`: count a rule, keep segments, refresh and export them."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores

Rule = Annotated[Path, typer.Argument(metavar="RULE.json", help="A rule in JSON; - reads it from stdin.")]
At = Annotated[str, typer.Option("--at", metavar="T", help="Count events up to this ISO moment; default: now.")]


def register(app: typer.Typer) -> None:
    """Add the verbs of this room."""
    segments = typer.Typer(no_args_is_help=True, help="Who: rules, lists and their members.")
    for verb in (count, create, explain, export, refresh, schema):
        segments.command()(verb)
    segments.command("list")(list_all)
    app.add_typer(segments, name="segments")


def count(rule: Rule, at: At = "", as_json: AsJson = False) -> None:
    """How many customers a rule holds for."""
    from homeground.segments import services

    open_stores()
    found = services.count(_document(rule), _moment(at))
    answer(
        {"customers": found.customers, "as_of": found.as_of.isoformat()},
        f"{found.customers} customers (as of {found.as_of:%Y-%m-%d %H:%M} UTC)",
        as_json,
    )


def create(
    slug: str,
    rule: Rule,
    name: Annotated[str, typer.Option("--name", help="What people call it.")],
    link: Annotated[str, typer.Option("--link", help="acquire, retain, activate, convert or refer.")] = "",
    static: Annotated[bool, typer.Option("--static", help="A fixed list of those it holds for now.")] = False,
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Keep a rule as a segment, and compute its first members."""
    from homeground.segments import services

    open_stores()
    given: dict[str, Any] = {"slug": slug, "name": name, "rule": _document(rule), "link": link}
    if static:
        segment = services.create_list_from_rule(**given, at=_moment(at))
    else:
        segment = services.create(**given)
        services.refresh(segment, _moment(at))
    answer(_shown(segment), f"{segment.slug}: {segment.customers} customers", as_json)


def explain(
    slug: str,
    customer: Annotated[int, typer.Argument(help="A customer's number.")],
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Why a customer is in a segment or not: every condition with whether it holds, and the evidence."""
    from homeground.segments import queries, services
    from homeground.segments.errors import ListHasNoRule

    open_stores()
    segment = queries.segment_of(slug)
    if segment.rule is None:
        raise ListHasNoRule(segment.name)
    found = services.explain(segment.rule, customer, _moment(at))
    document = asdict(found) | {"segment": slug, "as_of": found.as_of.isoformat()}
    answer(document, "\n".join(_lines(found.root)), as_json)


def _lines(node: Any, depth: int = 0) -> Iterator[str]:
    mark = "✓" if node.holds else "✗"
    yield f"{'  ' * depth}{mark} {node.words}{f' — {node.evidence}' if node.evidence else ''}"
    for child in node.children:
        yield from _lines(child, depth + 1)


def refresh(slug: str, at: At = "", as_json: AsJson = False) -> None:
    """Compute the members of a segment again."""
    from homeground.segments import queries, services

    open_stores()
    segment = queries.segment_of(slug)
    generation = services.refresh(segment, _moment(at))
    change = {"entered": generation.entered, "left": generation.left}
    text = f"{slug}: {generation.customers} customers, {generation.entered} entered, {generation.left} left"
    answer(_shown(segment) | change, text, as_json)


def export(slug: str, as_json: AsJson = False) -> None:
    """The members of the newest generation: CSV on stdout, or their ids as JSON. Recorded."""
    from homeground.segments import queries, services

    open_stores()
    segment = queries.segment_of(slug)
    services.record_export(segment, "command line")
    if as_json:
        answer(_shown(segment) | {"members": queries.members(segment)}, "", as_json)
        return
    for line in services.export_lines(segment):
        sys.stdout.write(line)


def list_all(as_json: AsJson = False) -> None:
    """The segments, newest first, with their size and the moment it is true of."""
    from homeground.segments.models import Segment

    open_stores()
    found = [_shown(segment) for segment in Segment.objects.listed()]
    lines = [f"{one['slug']}  {one['customers']}  as of {one['as_of'] or 'never'}  {one['name']}" for one in found]
    answer({"segments": found}, "\n".join(lines) or "No segments.", as_json)


def schema(as_json: AsJson = True) -> None:
    """The JSON Schema of a rule, as docs/segment.schema.json has it; always JSON."""
    from homeground.segments.rules.schema import schema_text

    sys.stdout.write(schema_text())


def _shown(segment: Any) -> dict[str, Any]:
    from homeground.segments.queries import Described

    return Described.of(segment).document()


def _document(rule: Path) -> Any:
    from homeground.segments.rules.parse import read

    try:
        return read(sys.stdin.buffer.read() if str(rule) == "-" else rule.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"{rule}: {error.strerror}") from error


def _moment(text: str) -> datetime | None:
    from homeground.people.queries import brand

    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no ISO moment like 2026-01-31T08:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(brand().time_zone))
