"""A file as a table of text: CSV, CSV in gzip, XLSX; read piece by piece, each row with its line number.

CSV streams: memory does not grow with the file. XLSX is read whole, so its size is bounded.
"""

import codecs
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress, islice
from pathlib import Path
from typing import BinaryIO

import fastexcel
import polars as pl
from django.utils.translation import gettext as _

from homeground.ingest.errors import UnreadableFile
from homeground.ingest.files.rejects import Reject

LINE = "\x00line"  # The column of line numbers; no header can be called so.
_PIECE_ROWS = 50_000
_LONGEST_CELL = 131_072  # Characters; more is an unclosed quote.
_SAMPLE = 1_048_576
_MOST_XLSX_BYTES = 64 * 1024 * 1024
_MOST_XLSX_UNPACKED = 1024 * 1024 * 1024
_MOST_COLUMNS = 1000
_HALF = re.compile("[\ud800-\udfff]")  # Bytes that are not in the encoding are read as these.
_BOMS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]


@dataclass(frozen=True)
class Piece:
    """Some rows: a column of text for each named header and LINE; and the rows that were no rows."""

    rows: pl.DataFrame
    rejects: list[Reject] = field(default_factory=list)
    done: float = 0.0  # How much of the file has been read, 0 to 1.


@dataclass(frozen=True)
class Table:
    """An open file."""

    columns: list[str]  # Those with a name.
    header: list[str]
    pieces: Iterator[Piece]


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """Open a file by what it holds, whatever it is called. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start == b"PK\x03\x04":
                yield _xlsx(path)
            else:
                with _text(file, is_gzip=start[:2] == b"\x1f\x8b") as (text, delimiter):
                    yield _csv(path, text, delimiter, file)
    except (OSError, EOFError, csv.Error, zlib.error, zipfile.BadZipFile, fastexcel.FastExcelError) as error:
        raise UnreadableFile(path, getattr(error, "strerror", None) or str(error)) from error


@contextmanager
def _text(file: BinaryIO, *, is_gzip: bool) -> Iterator[tuple[io.TextIOWrapper, str]]:
    """The file as text, and the delimiter of its cells."""
    plain: BinaryIO = gzip.GzipFile(fileobj=file) if is_gzip else file  # type: ignore[assignment]
    sample = plain.read(_SAMPLE)
    plain.seek(0)
    encoding = _encoding(sample)
    with io.TextIOWrapper(plain, encoding, errors="surrogateescape", newline="") as text:
        yield text, _delimiter(sample.decode(encoding, errors="replace"))


def _csv(path: Path, text: io.TextIOWrapper, delimiter: str, file: BinaryIO) -> Table:
    size = max(path.stat().st_size, 1)
    records = _Records(text, delimiter)
    header = [name.strip() for _line, cells in islice(records, 1) for name in cells]
    if not header:
        raise UnreadableFile(path, _("文件是空的。"))
    return Table(_checked_header(path, header), header, _pieces(records, header, lambda: file.tell() / size))


class _Records:
    """Rows of a CSV text with the line each begins on; what no reader can split goes to `broken` line by line."""

    def __init__(self, text: io.TextIOWrapper, delimiter: str) -> None:
        self.broken: list[Reject] = []
        self._text = text
        self._delimiter = delimiter
        self._again: list[str] = []  # Lines to read a second time, the last first.
        self._taken: list[str] = []  # Lines of the row under way.
        self._line = 0
        self._is_new = True  # A line too long for the memory comes in parts.

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        reader = self._reader()
        while True:
            first = self._line + self._is_new
            self._taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:  # A cell without end: this line is broken, the following may not be.
                self.broken.append(
                    Reject(first, _("无法拆分单元格：引号未闭合，或单元格过长"), [self._taken[0].rstrip("\r\n")])
                )
                self._again += reversed(self._taken[1:])
                self._line = first
                reader = self._reader()
                continue
            if cells:  # Not an empty line.
                yield first, cells

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self._delimiter)

    def _lines(self) -> Iterator[str]:
        read = self._text.readline
        while line := self._again.pop() if self._again else read(_SAMPLE):
            self._line += self._is_new
            self._is_new = line[-1] in "\r\n"
            self._taken.append(line)
            yield line


def _pieces(records: _Records, header: Sequence[str], done: Callable[[], float]) -> Iterator[Piece]:
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: list[Reject] = []
    width = len(header)
    for line, cells in records:
        if len(cells) == width:
            rows.append(cells)
            lines.append(line)
        else:
            ragged.append(_ragged(line, cells, width))
        if len(rows) + len(ragged) >= _PIECE_ROWS:
            yield _piece(header, rows, lines, ragged + records.broken, done())
            rows, lines, ragged = [], [], []
            records.broken.clear()
    yield _piece(header, rows, lines, ragged + records.broken, 1.0)


def _ragged(line: int, cells: list[str], width: int) -> Reject:
    return Reject(
        line, _("该行有 %(cells)s 个单元格，表头有 %(header)s 个") % {"cells": len(cells), "header": width}, cells
    )


def _piece(header: Sequence[str], rows: list[list[str]], lines: list[int], rejects: list[Reject], done: float) -> Piece:
    fit = list(map(_is_text, rows))
    if not all(fit):
        odd = [(line, cells) for line, cells, good in zip(lines, rows, fit, strict=True) if not good]
        rejects = rejects + [Reject(line, _("含有无法识别的字符"), cells) for line, cells in odd]
        rows, lines = list(compress(rows, fit)), list(compress(lines, fit))
    columns = zip(*rows, strict=True) if rows else ([] for _name in header)
    series = [pl.Series(name, column, pl.String) for name, column in zip(header, columns, strict=True) if name]
    return Piece(pl.DataFrame([pl.Series(LINE, lines, pl.Int64), *series]), rejects, min(done, 1.0))


def _is_text(cells: Sequence[str]) -> bool:
    """Whether a store can hold these cells: no NUL, nothing that was not in the file's encoding."""
    joined = "".join(cells)
    if joined.isascii():
        return "\0" not in joined
    return "\0" not in joined and not _HALF.search(joined)


def _xlsx(path: Path) -> Table:
    """The first sheet. Raises UnreadableFile when the workbook is too large to be read whole."""
    unpacked = sum(part.file_size for part in zipfile.ZipFile(path).infolist())
    if path.stat().st_size > _MOST_XLSX_BYTES or unpacked > _MOST_XLSX_UNPACKED:
        raise UnreadableFile(path, _("XLSX 文件需整体读入内存，上限为 64 MB；请另存为 CSV。"))
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    cells = sheet.to_polars()
    if not cells.height:
        raise UnreadableFile(path, _("文件是空的。"))
    header = [str(name or "").strip() for name in cells.row(0)]
    columns = _checked_header(path, header)
    return Table(columns, header, _sheet_pieces(cells, header))


def _sheet_pieces(cells: pl.DataFrame, header: list[str]) -> Iterator[Piece]:
    cells = cells.with_row_index(LINE, 1).slice(1)
    named = [LINE] + [column for column, name in zip(cells.columns[1:], header, strict=True) if name]
    cells = cells.select(pl.col(LINE).cast(pl.Int64), pl.col(named[1:]).fill_null(""))
    cells.columns = [LINE, *filter(None, header)]
    cells = cells.filter(pl.any_horizontal(pl.exclude(LINE) != ""))
    for start in range(0, max(cells.height, 1), _PIECE_ROWS):
        part = cells.slice(start, _PIECE_ROWS)
        yield Piece(part, done=min((start + _PIECE_ROWS) / max(cells.height, 1), 1.0))


def _checked_header(path: Path, header: list[str]) -> list[str]:
    named = [name for name in header if name]
    if not named or len(header) > _MOST_COLUMNS or any(not name.isprintable() for name in named):
        raise UnreadableFile(path, _("第一行不是列名；需要 CSV、gzip 压缩的 CSV 或 XLSX 表格。"))
    if twice := {name for name in named if named.count(name) > 1}:
        raise UnreadableFile(path, _("有重名的列：%(names)s。") % {"names": ", ".join(sorted(twice))})
    return named


def _encoding(sample: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB18030, which Excel in China writes."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(name)().decode(sample)  # The sample may end inside a character.
            return name
        except UnicodeDecodeError:
            continue
    return "utf-8"


def _delimiter(sample: str) -> str:
    first = next(iter(sample.splitlines()), "")
    return max(",;\t|", key=first.count)
