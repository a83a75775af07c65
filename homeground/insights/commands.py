"""`homeground review FILE`: from a file alone, no store opened, no folder made; `review-campaign` and
`review-journey`: from the stores."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils import translation
from django.utils.translation import gettext as _

from homeground.core.terminal import AsJson, answer, say
from homeground.insights import alone, value_command
from homeground.insights.errors import BadOption
from homeground.insights.review.question import Question

_LANGUAGES = {"zh": "zh-hans", "en": "en"}


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(review)
    app.command("review-campaign")(review_one)
    app.command("review-journey")(review_walks)
    app.add_typer(value_command.verbs, name="value")


def main_review() -> int:
    """The verb as a program of its own: ready in a second, without the other rooms. The exit status."""
    alone.set_up()
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.callback()(lambda: None)  # With a callback the verb keeps its name.
    app.command()(review)
    return alone.run(app)


def main_value() -> int:
    """The verbs of `value` likewise."""
    alone.set_up()
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    app.add_typer(value_command.verbs, name="value")
    return alone.run(app)


def review(
    file: Annotated[Path, typer.Argument(help="CSV, gzip CSV or XLSX; one row a person.")],
    arm: Annotated[str, typer.Option(help="The column that says who was in which arm.")],
    control: Annotated[str, typer.Option(help="Its value for the control arm.")],
    outcomes: Annotated[str, typer.Option(help="Columns measured afterwards: a,b,c.")],
    covariates: Annotated[str, typer.Option(help="Columns from before: balance, and CUPED for every outcome.")] = "",
    before: Annotated[list[str] | None, typer.Option(help="COL=OUTCOME: the outcome's own history, for CUPED.")] = None,
    id: Annotated[str, typer.Option(help="The column that says who a row is: repeats are found by it.")] = "",
    shares: Annotated[str, typer.Option(help="Designed shares: a=1,b=1. Default: equal.")] = "",
    harmful: Annotated[str, typer.Option(help="Outcomes of which more is worse: complaints, opt-outs.")] = "",
    segments: Annotated[str, typer.Option(help="Columns to split by, named before the result was seen.")] = "",
    explore: Annotated[str, typer.Option(help="Columns to split by afterwards (Benjamini-Hochberg).")] = "",
    html: Annotated[Path | None, typer.Option(help="Write the review as one self-contained page.")] = None,
    language: Annotated[str, typer.Option(help="Of the text and the page's first view: zh or en.")] = "zh",
    as_json: AsJson = False,
) -> None:
    """What a past activity caused: arms compared, with the checks that say whether to believe it."""
    with translation.override(_LANGUAGES.get(language, "zh-hans")):
        question = Question(
            arm=arm,
            control=control,
            outcomes=_listed(outcomes),
            covariates=_listed(covariates),
            before=[_pair(text, "--before") for each in before or [] for text in _listed(each)],
            harmful=_listed(harmful),
            id=id or None,
            shares={name: _share(share) for name, share in (_pair(text, "--shares") for text in _listed(shares))},
            segments=_listed(segments),
            explore=_listed(explore),
        )
        _review(file, question, html, as_json)


def review_one(
    campaign: Annotated[int, typer.Argument(help="The campaign's number.")],
    until: Annotated[datetime | None, typer.Option(help="Count events up to this moment (UTC). Default: now.")] = None,
    as_json: AsJson = False,
) -> None:
    """What a campaign caused: treated against holdout, kept as a version and shown on its page."""
    from homeground.events.stores import open_stores
    from homeground.insights.queries import campaign_document, campaign_text
    from homeground.insights.services import review_campaign

    open_stores()
    made = review_campaign(campaign, at=until.replace(tzinfo=UTC) if until else None, by="cli")
    answer(campaign_document(made), campaign_text(made), as_json)


def review_walks(
    journey: Annotated[str, typer.Argument(help="The journey's slug.")],
    until: Annotated[datetime | None, typer.Option(help="Count events up to this moment (UTC). Default: now.")] = None,
    as_json: AsJson = False,
) -> None:
    """What a journey caused: first entries, treated against holdout, kept as a version and shown on its page."""
    from homeground.events.stores import open_stores
    from homeground.insights.queries import journey_document, journey_text
    from homeground.insights.services import review_journey

    open_stores()
    made = review_journey(journey, at=until.replace(tzinfo=UTC) if until else None, by="cli")
    answer(journey_document(made), journey_text(made), as_json)


def _review(file: Path, question: Question, html: Path | None, as_json: bool) -> None:
    # Half a second to import; the other verbs import this module too.
    from homeground.insights.review import page, text, words
    from homeground.insights.review.document import document
    from homeground.insights.review.file import review_file

    found = review_file(file, question)
    for note in found.notes:
        say(words.note(note))
    if html:
        page.write(found, file.name, html)
    answer(document(found), text.text(found), as_json)


def _listed(text: str) -> list[str]:
    """Names between commas; a name with a comma in it stands in double quotes."""
    return [name.strip() for row in csv.reader([text]) for name in row if name.strip()]


def _pair(text: str, option: str) -> tuple[str, str]:
    left, mark, right = text.rpartition("=")
    if not mark or not left or not right:
        raise BadOption(_("%(option)s 要写成 名称=值，不能是“%(text)s”") % {"option": option, "text": text})
    return left.strip(), right.strip()


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share < float("inf"):
        raise BadOption(_("--shares 的份额要是不小于零的数字，不能是“%(text)s”") % {"text": text})
    return share
