"""`homeground playbooks`: which packs there are, whether a file is one, and installing one."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores

File = Annotated[Path, typer.Argument(metavar="FILE.json", help="A pack as a file.")]
Which = Annotated[str, typer.Argument(metavar="SLUG|FILE.json", help="A pack of the product by its slug, or a file.")]
Language = Annotated[str, typer.Option("--language", help="zh or en: in which its pieces are written.")]


def register(app: typer.Typer) -> None:
    """Add the verbs of this room."""
    playbooks = typer.Typer(no_args_is_help=True, help="Packs by the type of product: list, check, install, remove.")
    playbooks.command("list")(list_all)
    for verb in (check, install, publish, remove, propose, schema):
        playbooks.command()(verb)
    app.add_typer(playbooks, name="playbooks")


def list_all(as_json: AsJson = False) -> None:
    """The packs of the product, and which of them are installed."""
    open_stores()
    from homeground.playbooks.models import Installation
    from homeground.playbooks.pack.reading import packs

    there = dict(Installation.objects.values_list("pack", "version"))
    found = [_shown(pack) | {"installed_version": there.get(pack.slug)} for pack in packs()]
    lines = [f"{one['slug']:<16} {'installed' if one['installed_version'] else '':<10} {one['name']}" for one in found]
    answer({"playbooks": found}, "\n".join(lines), as_json)


def check(file: File, as_json: AsJson = False) -> None:
    """Read a pack without installing it; what is wrong is named with its field."""
    from homeground.playbooks.pack.reading import read

    pack = read(file)
    answer(_shown(pack), f"{pack.slug} {pack.version}: {pack.name.en}", as_json)


def install(
    which: Which,
    language: Language = "zh",
    door: Annotated[int, typer.Option("--door", help="The number of a group code; 0: staff invite by hand.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Make what a pack holds: all of it or nothing. Journeys are drafts. A repeat changes nothing."""
    open_stores()
    from homeground.playbooks import services

    if language not in ("zh", "en"):
        raise typer.BadParameter("--language is zh or en")
    installation = services.install(
        _pack(which), services.Asked(language=language, door=door or None), by="command line"
    )
    pieces = [
        {"kind": one.kind, "name": one.name, "id": one.object_id} for one in installation.pieces.all()
    ]  # fmt: skip
    text = "\n".join(f"{one['kind']:<10} {one['name']}" for one in pieces)
    answer({"pack": installation.pack, "version": installation.version, "pieces": pieces}, text, as_json)


def publish(slug: str, as_json: AsJson = False) -> None:
    """Publish the journeys that an installation drafted; those with blanks in their messages stay drafts."""
    open_stores()
    from homeground.playbooks import services

    told = services.publish_journeys(_installed(slug), by="command line")
    found = [{"journey": one.journey.slug, "refusal": one.refusal} for one in told]
    answer({"journeys": found}, "\n".join(f"{one['journey']}  {one['refusal'] or 'live'}" for one in found), as_json)


def remove(slug: str, as_json: AsJson = False) -> None:
    """Uninstall: what nobody edited and nothing stands on goes, the rest stays."""
    open_stores()
    from homeground.playbooks import services

    told = services.remove(slug)
    counts = {key: len(value) for key, value in vars(told).items()}
    answer(vars(told) | {"pack": slug}, ", ".join(f"{key} {count}" for key, count in counts.items()), as_json)


def propose(as_json: AsJson = False) -> None:
    """Which type the brand's own orders speak for, with the evidence."""
    open_stores()
    from homeground.playbooks.pack.reading import packs
    from homeground.playbooks.queries import estimated, proposed

    found = estimated()
    if found is None:
        answer({"playbook": None}, "No orders yet: answer the three questions instead.", as_json)
        return
    proposal = proposed(found.answers, packs())
    evidence = {key: value for key, value in vars(found).items() if key != "answers"}
    answer(
        {"playbook": proposal.pack.slug, "answers": vars(found.answers), "misses": proposal.misses} | evidence,
        f"{proposal.pack.slug}: {vars(found.answers)}, from {found.orders} orders of {found.buyers} buyers",
        as_json,
    )


def schema(as_json: AsJson = True) -> None:
    """The JSON Schema of a pack, as docs/playbook.schema.json has it; always JSON."""
    from homeground.playbooks.pack.schema import schema_text

    sys.stdout.write(schema_text())


def _pack(which: str) -> Any:
    from homeground.playbooks.pack.reading import pack_of, read

    return read(Path(which)) if which.endswith(".json") else pack_of(which)


def _installed(slug: str) -> Any:
    from homeground.playbooks.errors import NotInstalled
    from homeground.playbooks.models import Installation

    found = Installation.objects.filter(pack=slug).first()
    if found is None:
        raise NotInstalled(slug)
    return found


def _shown(pack: Any) -> dict[str, Any]:
    return {
        "slug": pack.slug, "version": pack.version, "name": pack.name.zh, "name_en": pack.name.en,
        **pack.fit.model_dump(), "segments": len(pack.segments), "journeys": len(pack.journeys),
        "messages": len(pack.messages), "replies": len(pack.replies),
    }  # fmt: skip
