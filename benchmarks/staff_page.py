"""The staff's page and the customer card with many friends a member, and what the planning of their day takes.

Every friend is due for a follow-up and in the care round, and each has said something that was answered, but for a few.
"""

from collections.abc import Callable, Iterator
from time import perf_counter

from benchmarks import Result

SIZES = (2_000, 20_000)
REPEATS = 30
GOAL_SECONDS = 0.2
_FRIENDS = """
INSERT INTO people_customer (name, source, time_zone, relation, created_at)
SELECT '', 'wecom', '', (ARRAY['one_way', 'two_way'])[1 + mod(n, 2)], now() FROM generate_series(1, %(size)s) AS n;
INSERT INTO people_identity (customer_id, kind, value, source, created_at)
SELECT id, 'wecom_external', 'wm' || id, '', now() FROM people_customer;
INSERT INTO wecom_externalcontact (external_userid, customer_id, name, avatar, kind, gender, unionid, corp_name)
SELECT 'wm' || id, id, substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨', 1 + mod(id, 16)::int, 1) || id, '', 1, 0, '', ''
FROM people_customer;
INSERT INTO wecom_follow (
    staff_id, contact_id, began_at, ending, is_pending, add_way, state, initiator, remark, description, mobiles,
    corp_remark, seen_at
)
SELECT %(staff)s, id, now() - interval '400 days' - id * interval '1 second', '', false, 1, '', '', '', '', '{}', '',
       now()
FROM wecom_externalcontact;
ANALYZE
"""


def bench() -> list[Result]:
    """Both sizes, through Django's test client: what the network adds is left out."""
    from homeground.events.stores import open_stores

    open_stores()
    return [result for size in SIZES for result in _measure(size)]


def _measure(size: int) -> Iterator[Result]:
    from homeground.service.services import planning

    client = _filled(size)
    messages = _talk(size)
    yield Result("chat messages taken in, with waits", len(messages), "messages", _taken(_tell(messages)), None, None)
    yield Result("a day planned for one member", size, "friends", _taken(planning.plan_day), None, None)
    for name, address in _pages(size).items():
        yield Result(f"page: {name}", size, "friends", _p95(client, address), None, GOAL_SECONDS)


def _filled(size: int) -> object:
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    from homeground.service.services import rules
    from homeground.wecom.models import Staff

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE people_customer, wecom_staff RESTART IDENTITY CASCADE")
        user, _made = User.objects.get_or_create(username="bench")
        staff = Staff.objects.create(userid="bench", name="李静", user=user)
        cursor.execute(_FRIENDS, {"size": size, "staff": staff.pk})
    rules.install_defaults()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def _talk(size: int) -> list[object]:
    """A question of every tenth friend; of those, one in fifty waits still."""
    from datetime import timedelta

    from homeground.core import time
    from homeground.service.services.chats import ChatMessageGiven

    at = time.now() - timedelta(days=90)
    friends = range(1, size + 1, 10)
    asked = [_message(ChatMessageGiven, n, at, True) for n in friends]
    answered = [_message(ChatMessageGiven, n, at + timedelta(minutes=4), False) for n in friends if n % 500 != 1]
    return [*asked, *answered]


def _message(kind: Callable[..., object], number: int, at: object, is_from_customer: bool) -> object:
    return kind(
        msgid=f"{number}-{is_from_customer}", is_from_customer=is_from_customer, at=at, source="bench",
        userid="bench", external_userid=f"wm{number}", text="请问有货吗？",
    )  # fmt: skip


def _tell(messages: list[object]) -> Callable[[], None]:
    from homeground.service.services.chats import receive

    def tell() -> None:
        for start in range(0, len(messages), 1000):
            receive(messages[start : start + 1000])  # type: ignore[arg-type]

    return tell


def _pages(size: int) -> dict[str, str]:
    return {
        "staff's day": "/staff/",
        "staff's day, who waits": "/staff/now",
        "staff's day, the last follow-ups": f"/staff/more/follow_up?skip={size - 100}",
        "customer card": f"/staff/customers/{size // 2}",
    }


def _taken(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _p95(client: object, address: str) -> float:
    client.get(address)  # type: ignore[attr-defined]  # The first one compiles templates.
    taken = []
    for _ in range(REPEATS):
        started = perf_counter()
        answer = client.get(address)  # type: ignore[attr-defined]
        taken.append(perf_counter() - started)
        assert answer.status_code == 200, address
    return sorted(taken)[int(REPEATS * 0.95) - 1]
