"""Connecting a corp: checked by fetching tokens, sealed, harmless to repeat."""

import httpx
import pytest

from homeground.core.secrets import unseal
from homeground.people.models import Customer
from homeground.wecom.client import connect, contacts
from homeground.wecom.errors import CannotConnect
from homeground.wecom.models import App, Corp, ExternalContact
from homeground.wecom.services import connecting
from tests.wecom.client.conftest import connect_played
from tests.wecom.client.played import BASE_URL, CONTACT_SECRET, CORPID, KEY, SECRET

pytestmark = pytest.mark.django_db


def test_both_apps_are_kept_sealed_once_both_secrets_fetched_a_token(platform):
    corp = connect_played()

    assert (corp.corpid, corp.base_url) == (CORPID, BASE_URL)
    assert [asked.params["corpsecret"] for asked in platform.calls("gettoken")] == [CONTACT_SECRET, SECRET]
    contact, agent = App.objects.order_by("-slug")
    assert (unseal(contact.sealed_secret), unseal(agent.sealed_secret)) == (CONTACT_SECRET, SECRET)
    assert SECRET not in agent.sealed_secret
    assert (unseal(agent.sealed_callback_token), unseal(agent.sealed_aes_key)) == ("SbxToken2026", KEY)


def test_a_repeat_changes_nothing_and_keeps_the_token(platform):
    connect_played()
    contacts.ids(connect(), "zhangsan")
    before = [*Corp.objects.values(), *App.objects.order_by("pk").values()]

    connect_played()

    assert [*Corp.objects.values(), *App.objects.order_by("pk").values()] == before


def test_another_secret_drops_the_old_token(platform):
    connect_played()
    contacts.ids(connect(), "zhangsan")
    assert App.objects.get(slug="contact").sealed_access_token

    connect_played(contact_secret=SECRET)

    assert App.objects.get(slug="contact").sealed_access_token == ""


def test_what_is_left_empty_stays_as_it_was(platform):
    connect_played()
    connect_played(token="", aes_key="", agentid="")

    agent = App.objects.get(slug="agent")
    assert (agent.agentid, unseal(agent.sealed_aes_key)) == ("1000002", KEY)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"corpid": ""}, "请填写"),
        ({"contact_secret": " "}, "请填写"),
        ({"corpid": "wwother"}, "企业 ID 不正确"),
        ({"contact_secret": "wrong"}, "Secret 不正确"),
        ({"secret": "wrong"}, "Secret 不正确"),
        ({"agentid": "abc"}, "一串数字"),
        ({"token": "没有"}, "回调 Token"),
        ({"aes_key": "short"}, "43 位"),
        ({"aes_key": "密" * 43}, "43 位"),
        ({"base_url": "ftp://a.cn/"}, "接口地址"),
        ({"base_url": "http://user@127.0.0.1/"}, "接口地址"),
        ({"base_url": "http://[::1/"}, "接口地址"),
        ({"base_url": "nothing"}, "接口地址"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(platform, changes, words):
    with pytest.raises(CannotConnect, match=words):
        connect_played(**changes)

    assert not Corp.objects.exists()
    assert not App.objects.exists()


@pytest.mark.parametrize(
    "answer", [httpx.ConnectError("refused"), httpx.Response(404), httpx.Response(200, text="<html>")]
)
def test_an_address_where_no_platform_answers_is_refused(platform, answer):
    platform.answers["gettoken"] = answer

    with pytest.raises(CannotConnect):
        connect_played()

    assert not Corp.objects.exists()


def test_another_corp_over_the_customers_of_the_first_is_refused(platform, monkeypatch):
    connect_played()
    ExternalContact.objects.create(external_userid="wm1", customer=Customer.objects.create())
    monkeypatch.setattr("tests.wecom.client.played.CORPID", "wwother")

    with pytest.raises(CannotConnect, match="另一家企业"):
        connect_played(corpid="wwother")

    assert Corp.objects.get().corpid == CORPID


def test_rooms_above_are_told_after_the_commit(platform, monkeypatch, django_capture_on_commit_callbacks):
    told: list[str] = []
    monkeypatch.setattr(connecting, "_afterwards", [])
    connecting.at_connecting(lambda: told.append(Corp.objects.get().corpid))

    with django_capture_on_commit_callbacks(execute=True):
        connect_played()
        assert told == []

    assert told == [CORPID]
