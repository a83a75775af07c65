"""homeground doors list | show | place."""

from typing import Annotated

import typer

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores

Id = Annotated[int, typer.Argument(help="The door's number.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="Doors: live codes, group codes, acquisition links.")
    group.command("list")(list_doors)
    group.command()(show)
    group.command()(place)
    app.add_typer(group, name="doors")


def list_doors(as_json: AsJson = False) -> None:
    """The doors, newest first, and whether the platform has them."""
    open_stores()
    from homeground.growth.models import Door
    from homeground.growth.queries.documents import summary

    found = [summary(door) for door in Door.objects.defer("picture")]
    lines = [f"{row['id']:>6}  {row['kind']:<10}  {row['sync']:<8}  {row['name']}  {row['error']}" for row in found]
    answer({"doors": found}, "\n".join(lines), as_json)


def show(door: Id, as_json: AsJson = False) -> None:
    """One door: who is on, and the last 30 days step by step."""
    open_stores()
    from homeground.growth.queries.documents import document

    found = document(_found(door))
    steps = [f"{count:>9,}  {step}" for step, count in found["steps"].items()]
    answer(found, "\n".join([f"{found['name']} ({found['sync']})", *steps]), as_json)


def place(as_json: AsJson = False) -> None:
    """Bring the platform in step with every door now; `up` does so each minute."""
    open_stores()
    from homeground.growth.models import Door
    from homeground.growth.services.placing import mind_doors

    tried = mind_doors()
    troubled = Door.objects.exclude(error="").filter(retired_at=None).count()
    answer({"tried": tried, "troubled": troubled}, f"{tried} placed anew, {troubled} with an error", as_json)


def _found(door_id: int):  # type: ignore[no-untyped-def]  # Models are imported once the stores are open.
    from homeground.growth.errors import BadDoor
    from homeground.growth.models import Door

    door = Door.objects.defer("picture").filter(pk=door_id).first()
    if door is None:
        raise BadDoor(f"There is no door {door_id}.")
    return door
