"""The warehouse's tables as numbered files, one statement each. An applied file is never changed: add another."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "sql" / "schema"
APPLIED = "events_schema.applied"  # Beside the data, so that no backup of tables takes it along.
_TABLE = re.compile(r"CREATE TABLE IF NOT EXISTS events\.(\w+)[^(]*\((.*?)\n\)", re.DOTALL)
_COLUMN = re.compile(
    r"^\s+(?!INDEX\b|PROJECTION\b|CONSTRAINT\b)(\w+) (.+?)(?: CODEC\(.*?\))?,?(?:\s+--.*)?$", re.MULTILINE
)


def files() -> list[Path]:
    """The files in the order in which they apply."""
    return sorted(FOLDER.glob("*.sql"))


def columns(statements: str) -> dict[str, dict[str, str]]:
    """The columns of each table that the statements create: table → column → type."""
    return {table: dict(_COLUMN.findall(body)) for table, body in _TABLE.findall(statements)}


def wanted() -> dict[str, dict[str, str]]:
    """The columns that this version wants."""
    return columns("\n".join(path.read_text() for path in files()))
