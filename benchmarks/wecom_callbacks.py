"""Callbacks at 200 a second for half a minute while a full sync runs and a campaign goes out.

Measured: the time to the answer, and to the welcome.

Open loop: each is sent at its moment, whether or not those before are answered. Every fourth is a new friend with a
welcome code of the sandbox, which answers the send. Five processes share this machine: the site, the sandbox, the
workers with the sync, the store of events (here), and the sender, which would else measure its own wait for the store.
The sandbox plays a platform that in truth has machines of its own: it takes the processor that the others leave.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from threading import local
from time import perf_counter
from unittest.mock import patch
from urllib.parse import urlencode

from benchmarks import Result
from benchmarks.campaign import _PEOPLE, _draft
from benchmarks.ingest import _urls
from benchmarks.wecom_sync import connect, site

RATE, SECONDS, SENDERS = 200, 30, 24
ANSWER_GOAL_SECONDS, WELCOME_GOAL_SECONDS, MISSED_SECONDS = 0.1, 3.0, 20.0
_WORKERS = """
import sys, threading
import django
django.setup()
from homeground.journeys.services import dispatch
from homeground.wecom import callbacks, welcome
from homeground.wecom.services import sync
from homeground.wecom.services.welcome import WelcomeMessage, answer_with
answer_with(lambda asked: WelcomeMessage("你好"))
stop = threading.Event()
threads = [threading.Thread(target=run, args=(stop,)) for run in (callbacks.run, welcome.run)]
for thread in threads:
    thread.start()
print("ready", flush=True)
campaign = threading.Thread(target=dispatch, args=(int(sys.argv[1]),))
campaign.start()
sync.run(full=True)
sys.stdin.read()
stop.set()
for thread in [*threads, campaign]:
    thread.join()
"""
_SENDER = "from benchmarks.wecom_callbacks import send_all; send_all()"
_RECEIVERS = 20_000
_here = local()


def bench() -> list[Result]:
    """One load; the 99th percentile of both times in seconds."""
    from homeground.events import door, partitions
    from homeground.events.stores import open_stores

    open_stores()
    partitions.keep_house()
    with door.opened() as address:
        urls = _urls(address)
        with site(urls) as port, site(urls, niceness=10) as sandbox_port:
            connect(sandbox_port, 40, 40_000)
            campaign = _campaign(sandbox_port)
            bodies = _bodies(RATE * SECONDS)
            with _workers(urls, campaign):
                answers = _sent(port, bodies)
                welcomes = _welcomes()
                print(f"campaign: {_became_of(campaign)}", file=sys.stderr)
    cold, answers = answers[:RATE], answers[RATE:]
    print(f"answers p50 {_rank(answers, 0.5):.4f} p99 {_rank(answers, 0.99):.4f} s", file=sys.stderr)
    print(f"welcomes p50 {_rank(welcomes, 0.5):.3f} p99 {_rank(welcomes, 0.99):.3f} s", file=sys.stderr)
    return [
        Result(
            "callback answered, p99", len(answers), "callbacks", _rank(answers, 0.99), None, ANSWER_GOAL_SECONDS, False
        ),
        # The site has just started: its threads open their connections now.
        Result("callback answered, p99, cold", len(cold), "callbacks", _rank(cold, 0.99), None, None, False),
        Result(
            "welcome sent, p99", len(welcomes), "welcomes", _rank(welcomes, 0.99), None, WELCOME_GOAL_SECONDS, False
        ),
    ]


def _campaign(port: int) -> int:
    """A campaign to phones of the sandbox, frozen and let go; the workers send it."""
    from django.db import connection

    from homeground.channels.models import Channel
    from homeground.channels.services.channels import sandbox_secret
    from homeground.journeys import services
    from homeground.journeys.models import QuietHours

    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"size": _RECEIVERS, "at": datetime.now(UTC)})
        cursor.execute("SELECT id FROM people_customer")
        ids = [pk for (pk,) in cursor.fetchall()]
    QuietHours.objects.all().delete()  # Whatever the hour of the measurement.
    campaign = _draft("bench")
    channel = Channel.objects.get(slug="phone")
    place = {"base_url": f"http://127.0.0.1:{port}/sandbox", "allowed_hosts": f"127.0.0.1:{port}"}
    channel.settings = {**place, "secret": sandbox_secret(), "timeout_seconds": 10}
    channel.save()
    with patch("homeground.segments.services.members", lambda _segment: ids):
        services.freeze_campaign(campaign)
    services.start_campaign(campaign)
    return campaign


def _bodies(count: int) -> list[tuple[str, str]]:
    """(query, body) of each callback, encrypted beforehand; every fourth with a code that is made when it is sent."""
    from homeground.sandbox.models import Friendship
    from homeground.sandbox.services.callbacks import crypto
    from homeground.sandbox.services.wecom.corp import corp

    row = corp()
    ties = (
        Friendship.objects.filter(ended_at=None, chat_started_at=None)
        .select_related("member", "contact")
        .order_by("pk")[:count]
    )
    made = []
    for number, tie in enumerate(ties):
        change, code = ("add", f"bench-{tie.pk}") if number % 4 == 0 else ("edit", "")
        xml = (
            f"<xml><ToUserName>{row.corpid}</ToUserName><FromUserName>sys</FromUserName><CreateTime>{int(time.time())}"
            f"</CreateTime><MsgType>event</MsgType><Event>change_external_contact</Event><ChangeType>{change}"
            f"_external_contact</ChangeType><UserID>{tie.member.userid}</UserID><ExternalUserID>"
            f"{tie.contact.external_userid}</ExternalUserID><WelcomeCode>{code}</WelcomeCode></xml>"
        )
        sealed = crypto.encrypted(xml, row.aes_key, row.corpid)
        signature = crypto.signature(row.token, "1", "n", sealed)
        query = urlencode({"msg_signature": signature, "timestamp": "1", "nonce": "n"})
        made.append((query, f"<xml><Encrypt>{sealed}</Encrypt></xml>"))
    return made


def _sent(port: int, bodies: Sequence[tuple[str, str]]) -> list[float]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SENDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps([port, bodies]) + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ready\n"
    _make_codes(len(bodies))
    answers, _ = process.communicate("go\n")
    found: list[float] = json.loads(answers)
    return found


def send_all() -> None:
    """The sender's process: a port and the callbacks come in as a line, the seconds that each answer took go out."""
    port, bodies = json.loads(sys.stdin.readline())
    print("ready", flush=True)
    sys.stdin.readline()
    began = perf_counter() + 0.5
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(lambda job: _send(port, began + job[0] / RATE, *job[1]), enumerate(bodies)))
    print(json.dumps(answers))


def _make_codes(count: int) -> None:
    """The codes live 20 s from a moment that each callback's own turn is within."""
    from datetime import timedelta

    from homeground.sandbox.models import Friendship, WelcomeCode
    from homeground.sandbox.services.wecom import clock

    now = clock.now()
    ids = (
        Friendship.objects.filter(ended_at=None, chat_started_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)[:count]
    )
    WelcomeCode.objects.bulk_create(
        WelcomeCode(code=f"bench-{pk}", friendship_id=pk, created_at=now + timedelta(seconds=number / RATE))
        for number, pk in enumerate(ids)
        if number % 4 == 0
    )


def _send(port: int, at: float, query: str, body: str) -> float:
    """Send one at its moment; the seconds from that moment to the answer."""
    time.sleep(max(at - perf_counter(), 0))
    if not hasattr(_here, "connection"):
        _here.connection = HTTPConnection("127.0.0.1", port)
    _here.connection.request("POST", f"/callbacks/wecom/contact?{query}", body, {"Content-Type": "text/xml"})
    answer = _here.connection.getresponse()
    said = answer.read()
    assert answer.status == 200, said
    return perf_counter() - at


def _welcomes() -> list[float]:
    """Seconds from the arrival of a callback to its welcome, once all are done with; 20 s for a missed one."""
    from homeground.wecom.models import Callback

    with_code = Callback.objects.exclude(welcome="")
    for _look in range(60):
        if not with_code.filter(welcome__in=("waiting", "sending")).exists():
            break
        time.sleep(0.5)
    became = Counter(with_code.values_list("welcome", "welcome_error"))
    print(f"welcomes: {dict(became)}", file=sys.stderr)
    rows = with_code.values_list("received_at", "welcomed_at")
    return [(welcomed_at - received_at).total_seconds() if welcomed_at else MISSED_SECONDS
            for received_at, welcomed_at in rows]  # fmt: skip


def _became_of(campaign: int) -> dict[str, int]:
    from homeground.journeys.models import Touch

    return dict(Counter(Touch.objects.filter(campaign=campaign).values_list("state", flat=True)))


def _rank(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


@contextmanager
def _workers(urls: dict[str, str], campaign: int) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKERS, str(campaign)],
        env=os.environ | urls | {"DJANGO_SETTINGS_MODULE": "homeground.config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline() == "ready\n"
        yield
    finally:
        process.stdin.close()
        process.wait(120)
        process.stdout.close()
