"""How a verb of the command line speaks: one JSON document or a text on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else there.")]


def answer(document: Mapping[str, Any], text: str, as_json: bool) -> None:
    """Print what the verb found: the document with --json, else the text."""
    print(json.dumps(document, ensure_ascii=False, default=str) if as_json else text)


def say(line: str) -> None:
    """A line for the person at the terminal; never part of the answer."""
    print(line, file=sys.stderr)
