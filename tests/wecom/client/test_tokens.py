"""Tokens: shared through the app's row, renewed early, one fetch for any number of callers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from homeground.core import time
from homeground.core.secrets import seal, unseal
from homeground.wecom.client import WeComError, connect, contacts, tokens
from homeground.wecom.errors import NotConnected
from homeground.wecom.models import App
from tests.wecom.client.conftest import connect_played
from tests.wecom.client.played import CONTACT_SECRET, CORPID, error


def test_without_a_corp_nothing_can_be_called(db, platform):
    with pytest.raises(NotConnected):
        connect()


def test_the_token_goes_in_the_query_and_lies_sealed_in_the_row(wecom, platform):
    contacts.ids(wecom, "zhangsan")

    assert platform.calls("gettoken")[0].params == {"corpid": CORPID, "corpsecret": CONTACT_SECRET}
    token = platform.calls("externalcontact/list")[0].params["access_token"]
    row = App.objects.get(slug="contact")
    assert token not in row.sealed_access_token
    assert unseal(row.sealed_access_token) == token


def test_a_process_asks_once_and_another_process_reads_the_row(wecom, platform):
    for _again in range(3):
        contacts.ids(wecom, "zhangsan")
    tokens._held.clear()  # What another process knows.
    contacts.ids(connect(), "lisi")

    assert len(platform.calls("gettoken")) == 1


def test_minutes_before_its_end_it_is_renewed(wecom, platform, waits):
    contacts.ids(wecom, "zhangsan")
    waits.append(7200 - 299)
    contacts.ids(wecom, "zhangsan")

    assert len(platform.calls("gettoken")) == 2
    assert platform.last.params["access_token"].endswith(str(platform.tokens))


def test_the_same_token_given_again_near_its_end_is_not_asked_for_at_every_call(wecom, platform):
    platform.answers["gettoken"] = {"access_token": "old", "expires_in": 200}
    for _again in range(5):
        contacts.ids(wecom, "zhangsan")

    assert len(platform.calls("gettoken")) == 1


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_refused_token_is_fetched_again_once_and_the_call_repeated_once(wecom, platform, code):
    platform.answers["externalcontact/list"] = [error(code), {"external_userid": ["wm1"]}]

    assert contacts.ids(wecom, "zhangsan") == ["wm1"]
    first, second = platform.calls("externalcontact/list")
    assert first.params["access_token"] != second.params["access_token"]
    assert len(platform.calls("gettoken")) == 2


@pytest.mark.parametrize("code", [40014, 42001])
def test_refused_again_it_is_an_error_and_no_loop(wecom, platform, code):
    platform.answers["externalcontact/list"] = error(code)

    with pytest.raises(WeComError) as refusal:
        contacts.ids(wecom, "zhangsan")

    assert refusal.value.code == code
    assert len(platform.calls("externalcontact/list")) == 2
    assert len(platform.calls("gettoken")) == 2


def test_a_wrong_secret_fetches_no_new_token(wecom, platform):
    platform.answers["externalcontact/list"] = error(40001)

    with pytest.raises(WeComError):
        contacts.ids(wecom, "zhangsan")

    assert len(platform.calls("externalcontact/list")) == len(platform.calls("gettoken")) == 1


def test_a_token_that_another_process_renewed_is_taken_without_asking(wecom, platform):
    contacts.ids(wecom, "zhangsan")
    App.objects.update(sealed_access_token=seal("from-elsewhere"), expires_at=time.now() + timedelta(hours=2))
    platform.answers["externalcontact/list"] = [error(42001), {"external_userid": []}]
    contacts.ids(wecom, "zhangsan")

    assert platform.last.params["access_token"] == "from-elsewhere"
    assert len(platform.calls("gettoken")) == 1


def test_a_row_sealed_with_another_key_is_not_connected(wecom, platform):
    App.objects.update(sealed_secret="not sealed by us")

    with pytest.raises(NotConnected):
        contacts.ids(connect(), "zhangsan")


@pytest.mark.django_db(transaction=True)
def test_threads_that_find_it_stale_at_once_fetch_one(platform, waits):
    connect_played()
    platform.asked.clear()
    api = connect()

    def call(number: int) -> None:
        try:
            contacts.ids(api, f"staff{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(24)))

    assert len(platform.calls("gettoken")) == 1
    assert len(platform.calls("externalcontact/list")) == 24
