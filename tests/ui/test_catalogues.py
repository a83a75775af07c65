"""Two languages: every phrase has its English, and none stands where gettext cannot see it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.checkers import python_format
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType

from homeground.ui.catalogues import PACKAGE, catalogue_of, is_translated, messages_of, rooms

CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
FACES = ("views", "forms", "errors", "navigation.py", "charts", "web.py")
OTHER_LANGUAGE = re.compile(r"<\w+[^>]*\blang=\"zh-CN\"[^>]*>[^<]*<")
SPEAKS_BOTH = {"500.html", "file.html"}  # Made where no language is chosen: both stand on the page.
DATA = re.compile(r"中文|退订|<(pre|code)\b.*?</\1>", re.DOTALL)  # What people type, and what their files say.


@pytest.mark.parametrize("room", rooms())
def test_every_phrase_has_its_english(room):
    wanted = [message for message in messages_of(room) if message.id]
    if not wanted:
        return
    path = catalogue_of(room)
    assert path.exists(), f"run `make messages`: {room} has phrases and no English catalogue"
    with path.open("rb") as file:
        given = read_po(file, locale="en")

    missing = [m.id for m in wanted if not (found := given.get(m.id, m.context)) or not is_translated(found)]

    assert not missing, f"without English in {path}:\n" + "\n".join(map(str, missing))


@pytest.mark.parametrize("room", rooms())
def test_translations_keep_their_placeholders_and_hold_no_chinese(room):
    path = catalogue_of(room)
    if not path.exists():
        return
    with path.open("rb") as file:
        given = read_po(file, locale="en")
    for message in given:
        strings = message.string if isinstance(message.string, tuple) else [message.string]
        if message.id and message.python_format:
            python_format(given, message)
        for string in filter(None, strings if message.id else []):
            assert names_of(message.id) == names_of(string), f"{path}: {message.id}"
            assert not CHINESE.search(DATA.sub("", string)), f"{path}: {string}"


def names_of(text: str | tuple[str, ...]) -> set[str]:
    whole = " ".join(text) if isinstance(text, tuple) else text
    return set(re.findall(r"%\((\w+)\)|(?<!\{)\{(\w+)[^}]*\}(?!\})", whole))


def templates() -> list[Path]:
    return sorted(path for path in PACKAGE.glob("*/templates/**/*.html") if path.name not in SPEAKS_BOTH)


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_say_everything_through_gettext(path):
    spoken = DATA.sub("", OTHER_LANGUAGE.sub("<", "".join(bare_text(path.read_text()))))

    assert not CHINESE.search(spoken), CHINESE.findall(spoken)


def bare_text(source: str) -> Iterator[str]:
    """What of a template is shown as it stands: text outside tags, comments and blocktranslate."""
    inside = False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            inside = name in ("blocktranslate", "blocktrans", "comment") or (inside and not name.startswith("end"))
            if name not in ("translate", "trans", "blocktranslate", "blocktrans", "comment"):
                yield re.sub(r"""_\((['"]).*?\1\)""", "", token.contents)
        elif token.token_type == TokenType.VAR:
            yield re.sub(r"""_\((['"]).*?\1\)""", "", token.contents)
        elif token.token_type == TokenType.TEXT and not inside:
            yield token.contents


def faces() -> list[Path]:
    found = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    return sorted(path for path in found if set(FACES) & {path.name, path.stem, path.parent.name})


@pytest.mark.parametrize("path", faces(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_faces_say_everything_through_gettext(path):
    bare = [text for text in bare_strings(ast.parse(path.read_text())) if CHINESE.search(text)]

    assert not bare


def bare_strings(tree: ast.AST) -> Iterator[str]:
    """String constants that are neither docstrings, nor handed to gettext, nor data: names in people's files."""
    said = [node for node in ast.walk(tree) if is_gettext(node) or is_data(node)]
    skipped = {id(node) for whole in said for node in ast.walk(whole)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def is_gettext(node: ast.AST) -> bool:
    name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
    return name == "_" or "gettext" in name


def is_data(node: ast.AST) -> bool:
    targets = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
    return any(name.strip("_") in ("ALIASES", "NAMES", "SYNONYMS") for name in targets)
