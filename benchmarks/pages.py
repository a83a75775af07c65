"""Pages at a million customers: the 95th percentile of what the server takes for each."""

from collections.abc import Iterator
from time import perf_counter

from benchmarks import Result

SIZES = (100_000, 1_000_000)
REPEATS = 20
GOAL_SECONDS = 0.2
_PEOPLE = """
INSERT INTO people_customer (name, source, time_zone, relation, created_at)
SELECT '客户' || n, 'shop-' || mod(n, 5), '', (ARRAY['none', 'one_way', 'two_way', 'many_way'])[1 + mod(n, 4)],
       now() - n * interval '1 minute'
FROM generate_series(1, %(size)s) AS n;
INSERT INTO people_identity (customer_id, kind, value, source, created_at)
SELECT id, 'phone', '1' || lpad(id::text, 10, '0'), '', now() FROM people_customer;
INSERT INTO people_tag (name, "group") VALUES ('老客', '') ON CONFLICT DO NOTHING;
INSERT INTO people_customertag (customer_id, tag_id, origin, source, tagged_at)
SELECT id, (SELECT min(id) FROM people_tag), 'import', 'bench', now() FROM people_customer WHERE mod(id, 3) = 0;
INSERT INTO commerce_order (order_no, kind, customer_id, source, currency, amount_minor, paid_at, content_hash)
SELECT 'o' || n, 'sale', 1 + mod(n, %(size)s), 'shop', 'CNY', 100 + mod(n, 9999), now() - n * interval '1 minute', ''
FROM generate_series(1, 2 * %(size)s) AS n
"""
_EVENTS = """
INSERT INTO events.events
SELECT number, 'commerce.order_paid', 1 + number % {size:UInt64}, now64(3) - toIntervalMinute(number), now64(3), 'shop',
       100 + number % 9999, 'CNY', '', '{"amount_minor": 100, "currency": "CNY"}'
FROM numbers(2 * {size:UInt64}) SETTINGS max_partitions_per_insert_block = 0
"""


def bench() -> list[Result]:
    """Both sizes, signed in as an owner, through Django's test client: what the network adds is left out."""
    from homeground.events.stores import open_stores

    open_stores()
    return [result for size in SIZES for result in _measure(size)]


def _measure(size: int) -> Iterator[Result]:
    _fill(size)
    client = _signed_in()
    for name, address in _pages(size).items():
        yield Result(f"page: {name}", size, "customers", _p95(client, address), None, GOAL_SECONDS)


def _fill(size: int) -> None:
    from django.db import connection

    from homeground.events import warehouse

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_customer, people_tag, commerce_order RESTART IDENTITY CASCADE")
        cursor.execute(_PEOPLE, {"size": size})
        cursor.execute("VACUUM ANALYZE")
    warehouse.run("TRUNCATE TABLE events.events")
    warehouse.run(_EVENTS, size=size)


def _signed_in() -> object:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    user, _created = User.objects.get_or_create(username="bench", is_superuser=True)
    client.force_login(user)
    return client


def _pages(size: int) -> dict[str, str]:
    from django.urls import reverse

    customers = reverse("console:customers")
    return {
        "home": reverse("console:home"),
        "customers": customers,
        "customers, two-way only": f"{customers}?relation=two_way",
        "customers, by tag": f"{customers}?tag=老客",
        "customers, phone prefix": f"{customers}?q=100000",
        "customers, name": f"{customers}?q=客户{size - 7}",
        "one customer": reverse("console:customer", args=[size // 2]),
        "stream": reverse("events:stream"),
    }


def _p95(client: object, address: str) -> float:
    client.get(address)  # type: ignore[attr-defined]  # The first one compiles templates.
    taken = []
    for _ in range(REPEATS):
        begun = perf_counter()
        response = client.get(address)  # type: ignore[attr-defined]
        taken.append(perf_counter() - begun)
        assert response.status_code == 200, (address, response.status_code)
    return sorted(taken)[int(0.95 * REPEATS) - 1]
