"""Message catalogues: reads every room's .py and .html, and brings its English catalogue up to date.

`python -m homeground.ui.catalogues [ROOM …]`. Needs Babel, a development package. The build hook compiles.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent.parent
KEYWORDS = ["_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"]
HEADER = """\
# English for the room {room}. `make messages` brings it up to date.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def rooms() -> list[str]:
    """Every room that has something to say."""
    return sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def catalogue_of(room: str, language: str = "en") -> Path:
    """Where the room's translations stand."""
    return PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def messages_of(room: str) -> Any:
    """A Babel catalogue of what the room's sources say, untranslated."""
    from babel.messages.catalog import Catalog

    found = Catalog(charset="utf-8")
    for path in sorted((PACKAGE / room).rglob("*")):
        if path.suffix in (".py", ".html") and "migrations" not in path.parts:
            name = str(path.relative_to(PACKAGE.parent))
            for line, message, comments, context in _extract(path):
                found.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return found


def update(room: str) -> tuple[int, int]:
    """Bring one catalogue up to date, losing no translation; a phrase that another room has is taken from there.

    Returns how many messages there are and how many are missing.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    path, template = catalogue_of(room), messages_of(room)
    if not len(template):
        return 0, 0
    given = _read(path) if path.exists() else Catalog(locale="en")
    given.update(template, no_fuzzy_matching=True)
    _remember(given)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        target.write(HEADER.format(room=room).encode())
        write_po(target, given, width=110, include_lineno=False, omit_header=True)
    return len(given), sum(1 for message in given if message.id and not is_translated(message))


def is_translated(message: Any) -> bool:
    """Whether every form of it has its English."""
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings) and not message.fuzzy


def _read(path: Path) -> Any:
    from babel.messages.pofile import read_po

    return read_po(io.BytesIO(path.read_bytes()), locale="en")


def _remember(given: Any) -> None:
    known = [message for path in PACKAGE.glob("*/locale/en/LC_MESSAGES/django.po") for message in _read(path)]
    memory = {(message.id, message.context): message.string for message in known if is_translated(message)}
    for message in given:
        if message.id and not is_translated(message):
            message.string = memory.get((message.id, message.context), message.string)


def _extract(path: Path) -> Iterator[Any]:
    from babel.messages.extract import extract_python

    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = _as_python(text, path.name)
    keywords: Any = KEYWORDS
    found: Any = extract_python(io.BytesIO(text.encode()), keywords, ["Translators:"], {"encoding": "utf-8"})
    for line, function, message, comments in found:
        yield from _message(line, function, message, comments)


def _as_python(text: str, name: str) -> str:
    from django.utils.translation.template import templatize

    return f"(\n{templatize(text, origin=name)}\n)"  # In brackets, the template's indentation means nothing.


def _message(line: int, function: str, given: Any, comments: Any) -> Iterator[Any]:
    """What the call says; a call without a literal says nothing."""
    said = list(given) if isinstance(given, tuple) else [given]
    context = said.pop(0) if "pgettext" in function else None
    if "ngettext" in function:
        said = said[:2]
        message: Any = tuple(said) if len(said) == 2 and all(said) else None
    else:
        message = said[0] if said else None
    if message:
        yield line, message, comments, context


def main() -> None:
    """Update the named rooms, or all."""
    for room in sys.argv[1:] or rooms():
        total, missing = update(room)
        if total:
            print(f"{room}: {total} messages, {missing} without English", file=sys.stderr)


if __name__ == "__main__":
    main()
