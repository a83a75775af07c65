"""The platform's small XML, read so that none can harm: no document type, hence no entities; few levels."""

from xml.parsers import expat

_DEEPEST = 4


class NotXml(Exception):
    """Cut off, not well-formed, or something the platform never sends, like a document type."""


def fields(body: bytes) -> dict[str, str]:
    """The texts by element name. What repeats, or stands in a list of items, is joined by commas under the list's name.

    Raises NotXml.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # Also: bytes or an encoding that nobody knows.
        raise NotXml from error
    return {name: ",".join(texts) for name, texts in reader.found.items()}


class _Reader:
    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._names: list[str] = []
        self._text: list[str] = []
        self._is_leaf = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._names) == _DEEPEST:
            raise NotXml
        self._names.append(name)
        self._text.clear()
        self._is_leaf = True

    def _end(self, name: str) -> None:
        self._names.pop()
        if self._is_leaf and self._names:
            key = self._names[-1] if name == "Item" else name
            self.found.setdefault(key, []).append("".join(self._text).replace("\0", ""))
        self._text.clear()
        self._is_leaf = False

    def _refuse(self, *_: object) -> None:
        raise NotXml
