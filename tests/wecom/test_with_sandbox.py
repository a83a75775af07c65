"""Our side against the whole sandbox corp over HTTP: what we know is what is true there, whatever dies on the way."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from homeground.core.secrets import secret_key
from homeground.sandbox.queries import truth
from homeground.sandbox.services import callbacks as outbox
from homeground.sandbox.services import simulating
from homeground.sandbox.services.wecom.corp import change, credentials
from homeground.wecom.client import budget, tokens
from homeground.wecom.models import Callback, Difference, Follow, GroupMember, SyncPart, SyncRun
from homeground.wecom.services import callbacks, drift, sync
from homeground.wecom.services.connecting import connect_corp
from tests.events.stores import wait_until
from tests.wecom.stream import facts

pytestmark = pytest.mark.django_db(transaction=True)
STAFF, CUSTOMERS = 8, 2400
# Forks a child that syncs for each line it reads (importing takes a second, forking does not), and says its number.
_WORKERS = """
import os, sys
import django
django.setup()
from homeground.wecom.services import sync
for line in sys.stdin:
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("gone", flush=True)
    else:
        sync.run(full=True)
        os._exit(0)
"""


@pytest.fixture
def sandbox(live_server: Any, monkeypatch: Any) -> Any:
    """A simulated corp, connected."""
    monkeypatch.setattr(tokens, "_held", {})
    budget.forget()
    simulating.build(STAFF, CUSTOMERS, seed=7)
    change(callback_url=f"{live_server.url}/callbacks/wecom/contact")
    keys = credentials()
    connect_corp(
        corpid=keys["corpid"],
        contact_secret=keys["contact_secret"],
        secret=keys["secret"],
        agentid=str(keys["agentid"]),
        token=keys["token"],
        aes_key=keys["aes_key"],
        base_url=f"{live_server.url}/sandbox/wecom/",
    )
    return live_server


def test_a_first_sync_that_is_killed_three_times_ends_with_the_truth(sandbox, tmp_path):
    dice = random.Random(20260301)
    with workers(tmp_path) as process:
        for _kill in range(3):
            before = pages_read()
            pid = start(process)
            wait_until(lambda before=before: pages_read() > before)
            time.sleep(dice.uniform(0, 0.2))
            os.kill(pid, signal.SIGKILL)
            assert process.stdout.readline() == "gone\n"
        assert SyncRun.objects.get().finished_at is None
        start(process)
        assert process.stdout.readline() == "gone\n"

    assert SyncRun.objects.get().finished_at
    assert ours() == theirs()
    assert differences() == []
    assert len(facts("wecom.friend_added")) == Follow.objects.filter(ended_at=None).count()


def test_a_day_that_nobody_tells_of_is_found_by_the_next_sync(sandbox):
    sync.run(full=True)
    simulating.live(1, seed=3, most=400, is_telling=False)
    assert differences() != []

    sync.run(full=True)

    assert ours() == theirs()
    assert differences() == []


def test_a_day_that_is_told_needs_no_sync(sandbox):
    sync.run(full=True)
    simulating.live(1, seed=4, most=400)
    while outbox.send_due():
        callbacks.handle_waiting()
    callbacks.handle_waiting()

    assert Callback.objects.exists()
    assert not Callback.objects.exclude(state="handled").exists()
    assert ours() == theirs()
    assert differences() == []


def differences() -> list[tuple[str, str, str, str]]:
    found = Difference.objects.filter(report=drift.compare())
    return list(found.values_list("subject", "key", "here", "there"))


def ours() -> tuple[set[Any], set[Any]]:
    friends = {
        (row.staff.userid, row.contact.external_userid, row.remark, row.description, tuple(row.mobiles), row.state,
         row.began_at, row.contact.unionid, tuple(sorted(put.tag.tag_id for put in row.follow_tags.all())))
        for row in Follow.objects.filter(ended_at=None).select_related("staff", "contact").prefetch_related(
            "follow_tags__tag")
    }  # fmt: skip
    inside = GroupMember.objects.filter(left_at=None, chat__dismissed_at=None)
    return friends, set(inside.values_list("chat__chat_id", "member_id", "state", "join_scene"))


def theirs() -> tuple[set[Any], set[Any]]:
    friends = {
        (row["userid"].lower(), row["external_userid"], row["remark"], row["description"], tuple(row["remark_mobiles"]),
         row["state"], row["created_at"].replace(microsecond=0), row["unionid"], tuple(sorted(row["tag_ids"])))
        for row in truth.follows()
    }  # fmt: skip
    return friends, {(row["chat_id"], row["userid"], row["state"], row["join_scene"]) for row in truth.group_places()}


def pages_read() -> int:
    return sum(SyncPart.objects.values_list("seen", flat=True))


@contextmanager
def workers(folder: Any) -> Iterator[Any]:
    place = connection.get_connection_params()
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKERS],
        env=os.environ
        | {
            "HOMEGROUND_DATA": str(folder),
            "HOMEGROUND_DATABASE_URL": f"postgresql://{place['user']}@/{place['dbname']}?host={place['host']}",
            "HOMEGROUND_SECRET_KEY": secret_key(),
            "DJANGO_SETTINGS_MODULE": "homeground.config.settings",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def start(process: Any) -> int:
    process.stdin.write("sync\n")
    process.stdin.flush()
    return int(process.stdout.readline())
