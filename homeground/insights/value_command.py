"""`homeground value`: what orders say of the next purchase. `fit FILE` needs no store; `predict` is a night's work."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import translation
from django.utils.translation import gettext as _

from homeground.core.terminal import AsJson, answer, say
from homeground.insights.errors import BadOption

verbs = typer.Typer(no_args_is_help=True, help="When customers buy next, and what they are worth.")
_UNITS = ("week", "day")
_LANGUAGES = {"zh": "zh-hans", "en": "en"}


@verbs.command()
def fit(
    file: Annotated[Path, typer.Argument(help="CSV, gzip CSV or XLSX; one row an order.")],
    customer: Annotated[str, typer.Option(help="The column that says who bought.")],
    date: Annotated[str, typer.Option(help="The column with the day of the order: 2026-01-31.")],
    amount: Annotated[str, typer.Option(help="The column with what was paid: Gamma-Gamma is fitted too.")] = "",
    unit: Annotated[str, typer.Option(help="Of time: week or day.")] = "week",
    until: Annotated[str, typer.Option(help="The last day that counts. Default: the last in the file.")] = "",
    language: Annotated[str, typer.Option(help="Of the text: zh or en.")] = "zh",
    as_json: AsJson = False,
) -> None:
    """Fit BG/NBD, and Gamma-Gamma where amounts are given, to orders in a file: one purchase a customer and day."""
    from homeground.insights.value import file as files  # Half a second to import; the other verbs import this module.

    with translation.override(_LANGUAGES.get(language, "zh-hans")):
        if unit not in _UNITS:
            raise BadOption(_("--unit 要是 week 或 day，不能是“%(text)s”") % {"text": unit})
        asked = files.Asked(customer, date, amount, unit, _day(until))
        found = files.fit_file(file, asked)
        for note in found.notes:
            say(note)
        told = files.document(found)
        answer(told, _text(told), as_json)


@verbs.command()
def predict(as_json: AsJson = False) -> None:
    """Compute everyone's next purchase now, as every night does."""
    from homeground.events.stores import open_stores
    from homeground.insights.services.predicting import predict as predict_everyone

    open_stores()
    run = predict_everyone(by="cli")
    told = {
        "as_on": run.as_on.isoformat(),
        "customers": run.customers,
        "by_basis": run.by_basis,
        "seconds": run.seconds,
    }
    answer(told, _("%(customers)d 位客户，用时 %(seconds).1f 秒") % told, as_json)


def _day(text: str) -> Any:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the file, of no zone.
    except ValueError:
        raise BadOption(_("--until 要写成 2026-01-31，不能是“%(text)s”") % {"text": text}) from None


def _text(told: dict[str, Any]) -> str:
    lines = [
        _("客户 %(customers)d，其中复购 %(repeat_customers)d；复购次数 %(repeat_purchases)d，截至 %(until)s") % told,
        "BG/NBD  " + _numbers(told["bg_nbd"], ["r", "alpha", "a", "b", "log_likelihood"]),
    ]
    if told["gamma_gamma"]:
        lines.append("Gamma-Gamma  " + _numbers(told["gamma_gamma"], ["p", "q", "v", "log_likelihood"]))
    return "\n".join(lines)


def _numbers(told: dict[str, Any], names: list[str]) -> str:
    return "  ".join(f"{name} {told[name]:.4f}" for name in names)
