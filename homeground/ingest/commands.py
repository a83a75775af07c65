"""The verbs `tokens`, `import` and `export`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores
from homeground.ingest import queries
from homeground.ingest.files.reading import Wish, mapping
from homeground.ingest.models import Token
from homeground.ingest.services import exports, imports
from homeground.ingest.services.tokens import create_token, revoke_token

_import = typer.Typer(
    no_args_is_help=True, help="Take files in: CSV, CSV in gzip, XLSX. The same file twice is harmless."
)
_export = typer.Typer(no_args_is_help=True, help="Take data out.")
_tokens = typer.Typer(no_args_is_help=True, help="Tokens that let programs in.")


def register(app: typer.Typer) -> None:
    app.add_typer(_tokens, name="tokens")
    app.add_typer(_import, name="import")
    app.add_typer(_export, name="export")


@_tokens.command()
def create(
    name: str,
    scope: Annotated[list[str], typer.Option(help="ingest, read or manage; may be given several times.")],
    as_json: AsJson = False,
) -> None:
    """Make a token. It is shown once: only its hash is kept."""
    open_stores()
    token = create_token(name, scope)
    answer({"token": token}, token, as_json)


@_tokens.command("list")
def list_(as_json: AsJson = False) -> None:
    """The tokens, without their text."""
    open_stores()
    found = list(queries.tokens())
    answer({"tokens": [_facts(token) for token in found]}, "\n".join(_line(token) for token in found), as_json)


@_tokens.command()
def revoke(name: str, as_json: AsJson = False) -> None:
    """End a token; a running server stops taking it within seconds."""
    open_stores()
    revoke_token(name)
    answer({"revoked": name}, f"revoked {name}", as_json)


File = Annotated[Path, typer.Argument(help="CSV, CSV in gzip, or XLSX (first sheet, at most 64 MB).")]
Map = Annotated[str, typer.Option("--map", help="field=Column,field=Column …; columns named like a field need none.")]
Zone = Annotated[str | None, typer.Option(help="Zone of times without an offset; else the brand's.")]
DateFormat = Annotated[str | None, typer.Option(help="As strptime has it, for times like 31/12/2026: %d/%m/%Y.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do it all, say what came of it, and take it back.")]


@_import.command()
def orders(
    file: File,
    preset: Annotated[str | None, typer.Option(help="A file known by name: online-retail.")] = None,
    map_: Map = "",
    currency: Annotated[str | None, typer.Option(help="ISO 4217, like CNY; else the brand's.")] = None,
    time_zone: Zone = None,
    date_format: DateFormat = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Order lines: order_no, sku, quantity, unit_price, at; product_name, kind (sale, refund, adjustment), refund_of,
    country, and whose: member_no, phone, email … Lines of a number become one order, wherever they stand."""
    _take(file, Wish("orders", preset, mapping(map_), currency, time_zone, date_format), dry_run, as_json)


@_import.command()
def customers(
    file: File,
    map_: Map = "",
    time_zone: Zone = None,
    date_format: DateFormat = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Customers: identities (phone, email, member_no …), name, birthday, gender, tags (a;b), created_at,
    consent:<purpose>:<channel> (yes or no), and any attribute by its key."""
    _take(file, Wish("customers", None, mapping(map_), None, time_zone, date_format), dry_run, as_json)


@_import.command()
def events(
    file: File,
    map_: Map = "",
    time_zone: Zone = None,
    date_format: DateFormat = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Events: name, at, id, and whose; every other column becomes a property."""
    _take(file, Wish("events", None, mapping(map_), None, time_zone, date_format), dry_run, as_json)


@_export.callback()
def _of_what() -> None:
    """Take data out, as files."""


@_export.command("customers")
def export_customers(
    file: Annotated[Path, typer.Argument(help="The CSV file to write; one of that name is replaced.")],
    as_json: AsJson = False,
) -> None:
    """Every customer with identities, tags and attributes, unmasked; that it was done is kept."""
    open_stores()
    count = exports.export_customers(file, "command line")
    answer({"customers": count, "file": str(file)}, f"{count} customers in {file}", as_json)


def _take(file: Path, wish: Wish, dry_run: bool, as_json: bool) -> None:
    open_stores()
    with _bar(file.name) as progress:
        result = imports.import_file(file, wish, dry_run=dry_run, progress=progress)
    answer(result, _told(result), as_json)


@contextmanager
def _bar(name: str) -> Iterator[imports.Progress]:
    console = Console(stderr=True)
    rows = TextColumn("{task.fields[rows]:,} rows")
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), rows, TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=1.0, rows=0)
        yield lambda rows, done: bar.update(task, completed=done, rows=rows)


def _told(result: dict[str, Any]) -> str:
    """The result in lines: what the file holds, then what was new."""
    new = result["new"]
    lines = [f"{name}: {value}" for name, value in result.items() if name != "new" and value is not None]
    return "\n".join([*lines, "new: " + ", ".join(f"{count} {name}" for name, count in new.items())])


def _facts(token: Token) -> dict[str, object]:
    return {
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at.isoformat(),
        "last_used_on": token.last_used_on,
        "revoked_at": token.revoked_at and token.revoked_at.isoformat(),
    }


def _line(token: Token) -> str:
    state = "revoked" if token.revoked_at else f"last used {token.last_used_on or 'never'}"
    return f"{token.name}  {','.join(token.scopes)}  {state}"
