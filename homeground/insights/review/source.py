"""A file of people as a table of text: CSV, gzip CSV or XLSX, in UTF-8 or GB 18030, by commas, semicolons or tabs."""

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl
from django.utils.translation import gettext as _

from homeground.insights.errors import UnknownColumn, UnreadableFile

MOST_BYTES = 2 * 1024**3  # Unpacked. A file from a browser is bounded long before.
_GZIP, _ZIP, _MARK = b"\x1f\x8b", b"PK\x03\x04", b"\xef\xbb\xbf"


def read(path: Path, wanted: Sequence[str]) -> pl.DataFrame:
    """The wanted columns of a file, every cell as text, null where it is empty."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path.name, error.strerror or str(error)) from None
    return parse(content, path.name, wanted)


def parse(content: bytes, name: str, wanted: Sequence[str], most_bytes: int = MOST_BYTES) -> pl.DataFrame:
    """The wanted columns of a file's content. Raises UnreadableFile or UnknownColumn."""
    table = _table(content, name, wanted, most_bytes)
    return table.select(pl.col(column).str.strip_chars().replace("", None) for column in dict.fromkeys(wanted))


def columns_of(content: bytes, name: str, most_bytes: int = MOST_BYTES) -> list[str]:
    """The names of a file's columns."""
    if content.startswith(_ZIP):
        return _sheet(content, name).columns
    return _header(_unpacked(content, name, most_bytes), name)[0]


def _table(content: bytes, name: str, wanted: Sequence[str], most_bytes: int) -> pl.DataFrame:
    if content.startswith(_ZIP):
        table = _sheet(content, name)
        _all_there(wanted, table.columns)
        return table
    text = _unpacked(content, name, most_bytes)
    header, separator = _header(text, name)
    _all_there(wanted, header)
    return _csv(text, name, separator, list(dict.fromkeys(wanted)))


def _all_there(wanted: Sequence[str], columns: Sequence[str]) -> None:
    for column in wanted:
        if column not in columns:
            raise UnknownColumn(column, columns)


def _unpacked(content: bytes, name: str, most_bytes: int) -> bytes:
    if content.startswith(_GZIP):
        content = _gunzipped(content, name, most_bytes)
    if len(content) > most_bytes:
        raise UnreadableFile(name, _("文件太大"))
    content = content.removeprefix(_MARK)
    if not content.strip():
        raise UnreadableFile(name, _("文件是空的"))
    return _utf8(content, name)


def _gunzipped(content: bytes, name: str, most_bytes: int) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as file:
            return file.read(most_bytes + 1)
    except (OSError, EOFError, zlib.error):
        raise UnreadableFile(name, _("压缩文件已损坏")) from None


def _utf8(content: bytes, name: str) -> bytes:
    try:
        content.decode()
        return content
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030").encode()  # What Excel in Chinese saves as CSV.
    except UnicodeDecodeError:
        raise UnreadableFile(name, _("文字编码既不是 UTF-8 也不是 GB 18030")) from None


def _header(text: bytes, name: str) -> tuple[list[str], str]:
    line = text.lstrip(b"\r\n").split(b"\n", 1)[0]
    separator = max(",;\t", key=lambda mark: line.count(mark.encode()))
    return _csv(line + b"\n", name, separator, None).columns, separator


def _csv(text: bytes, name: str, separator: str, columns: list[str] | None) -> pl.DataFrame:
    try:
        return pl.read_csv(text, separator=separator, columns=columns, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise UnreadableFile(name, _ragged(text, separator) or str(error).strip().split("\n")[0]) from None


def _ragged(text: bytes, separator: str) -> str | None:
    """Where the first row with too many cells is."""
    lines = csv.reader(io.StringIO(text.decode()), delimiter=separator)
    with suppress(csv.Error, StopIteration):
        width = len(next(lines))
        for row in lines:
            if len(row) > width:
                where = {"line": lines.line_num, "cells": len(row), "width": width}
                return _("第 %(line)d 行有 %(cells)d 格，表头只有 %(width)d 格") % where
    return None


def _sheet(content: bytes, name: str) -> pl.DataFrame:
    try:
        sheet = pl.read_excel(io.BytesIO(content), engine="calamine", infer_schema_length=0)
    except Exception as error:  # calamine and fastexcel raise whatever their readers raise.
        raise UnreadableFile(name, str(error).strip().split("\n")[0]) from None
    return sheet.cast(pl.String)
