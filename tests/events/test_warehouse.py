"""The door to ClickHouse: the same calls in process, through the owner's door, and to a server by URL."""

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from pydantic import SecretStr

from homeground.core.env import env
from homeground.events import embedded, warehouse
from homeground.events.embedded import Address
from tests.events.stores import neighbour


@dataclass(frozen=True)
class Numbered:
    number: int
    word: str


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    with neighbour(tmp_path_factory.mktemp("neighbour")) as address:
        yield address


@pytest.fixture(params=["in process", "through the door", "by URL"], scope="module", autouse=True)
def _way(request: pytest.FixtureRequest, address: Address) -> Iterator[None]:
    """Each test runs against the engine in this process, a sibling's, and a server's."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "through the door":
            patch.setattr(embedded, "own", lambda: False)
            patch.setattr(embedded, "address", lambda: address)
        if request.param == "by URL":
            url = f"clickhouse://homeground:{address.password}@127.0.0.1:{address.port}"
            patch.setitem(env.__dict__, "events_url", SecretStr(url))
        warehouse.disconnect()
        warehouse.migrate()
        yield
        warehouse.disconnect()


@pytest.fixture
def numbers() -> Iterator[str]:
    warehouse.run(
        "CREATE TABLE events.numbers (number Int64, word String, at DateTime64(3, 'UTC')) ENGINE = MergeTree"
        " PARTITION BY toYYYYMM(at) ORDER BY number SETTINGS non_replicated_deduplication_window = 100"
    )
    yield "numbers"
    warehouse.run("DROP TABLE events.numbers")


AT = datetime(2026, 3, 1, 12, 30, 15, 123000, tzinfo=UTC)


def fill(rows: list[tuple[Any, ...]], token: str | None = None) -> None:
    warehouse.insert("numbers", ["number", "word", "at"], rows, token=token)


def test_rows_come_as_dataclasses_in_the_order_of_the_query(numbers):
    fill([(1, "一", AT), (2, "tab\tline\n'quote\\", AT)])

    found = warehouse.rows(Numbered, "SELECT number, word FROM events.numbers ORDER BY number DESC")

    assert found == [Numbered(2, "tab\tline\n'quote\\"), Numbered(1, "一")]


def test_a_query_without_rows_gives_none(numbers):
    assert warehouse.rows(Numbered, "SELECT number, word FROM events.numbers") == []


def test_columns_that_do_not_fit_the_dataclass_are_refused(numbers):
    fill([(1, "a", AT)])

    with pytest.raises(TypeError, match="wants"):
        warehouse.rows(Numbered, "SELECT word, number FROM events.numbers")


@pytest.mark.parametrize("size", [1, 60_000])
def test_values_travel_as_placeholders_few_and_many(size):
    odd = "it's; DROP TABLE \\ \t 你好"

    assert warehouse.value("SELECT length({ids:Array(UInt64)})", ids=list(range(size))) == size
    assert warehouse.value("SELECT {text:String}", text=odd) == odd
    assert warehouse.value("SELECT {at:DateTime64(3, 'UTC')}", at=AT) == AT


def test_a_block_by_column_equals_one_by_row(numbers):
    warehouse.insert("numbers", ["number", "word", "at"], [[1, 2], ["a", "b"], [AT, AT]], by_column=True)

    assert warehouse.value("SELECT groupArray((number, word)) FROM events.numbers") == [(1, "a"), (2, "b")]


def test_moments_of_four_centuries_go_into_one_block_and_come_back(numbers):
    moments = [datetime(1900 + number * 4, 1 + number % 12, 1, tzinfo=UTC) for number in range(100)]
    fill([(number, "", moment) for number, moment in enumerate(moments)])

    assert list(warehouse.value("SELECT arraySort(groupArray(at)) FROM events.numbers")) == moments


def test_the_same_token_is_inserted_once_even_over_many_partitions(numbers):
    rows = [(number, "a", datetime(2020 + number % 5, 1, 1, tzinfo=UTC)) for number in range(1000)]
    for _ in range(3):
        fill(rows, token="one")
    fill(rows, token="two")

    assert warehouse.value("SELECT count() FROM events.numbers") == 2000


def test_settings_of_an_insert_do_not_stay(numbers):
    fill([(1, "a", AT)], token="one")
    fill([(2, "a", AT)])
    fill([(2, "a", AT)])

    assert warehouse.value("SELECT count() FROM events.numbers WHERE number = 1") == 1


def test_a_wrong_statement_is_refused_and_the_next_one_works(numbers):
    with pytest.raises(DatabaseError, match="nowhere") as refused:
        warehouse.rows(Numbered, "SELECT number, word FROM events.nowhere")

    assert refused.value.code == 60
    assert not warehouse.is_operational(refused.value)
    assert warehouse.value("SELECT 1") == 1


def test_many_rows_come_whole(numbers):
    warehouse.run("INSERT INTO events.numbers SELECT number, repeat('x', 100), now() FROM numbers(300000)")

    found = warehouse.rows(Numbered, "SELECT number, word FROM events.numbers ORDER BY number")

    assert [row.number for row in found] == list(range(300_000))


def test_an_answer_comes_by_column_too(numbers):
    fill([(2, "b", AT), (1, "你好", AT)])

    found = warehouse.frame("SELECT number, word FROM events.numbers WHERE number < {n:Int64} ORDER BY number", n=3)

    assert found.to_dict(as_series=False) == {"number": [1, 2], "word": ["你好", "b"]}


def test_an_empty_answer_by_column_has_its_columns(numbers):
    found = warehouse.frame("SELECT number, word FROM events.numbers")

    assert (found.columns, found.height) == (["number", "word"], 0)


def test_threads_ask_at_the_same_time(numbers):
    warehouse.run("INSERT INTO events.numbers SELECT number, '', now() FROM numbers(100000)")
    sums: list[int] = []

    def ask() -> None:
        for _ in range(5):
            sums.append(warehouse.value("SELECT sum(number) FROM events.numbers"))
        warehouse.disconnect()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sums == [4_999_950_000] * 20


def test_what_was_dumped_loads_again(numbers):
    fill([(number, "a", AT) for number in range(1000)])
    file = io.BytesIO()
    warehouse.dump("numbers", file)
    warehouse.run("TRUNCATE TABLE events.numbers")
    file.seek(0)

    warehouse.load("numbers", file)

    assert warehouse.value("SELECT (count(), sum(number), min(at)) FROM events.numbers") == (1000, 499_500, AT)


def test_migrating_again_changes_nothing():
    before = warehouse.tables()
    warehouse.migrate()

    assert warehouse.tables() == before
    assert {"events", "customers"} <= set(before)
