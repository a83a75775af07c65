"""The way in through WeCom: for staff a login, for customers who they are; nobody is led astray."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse

from homeground.core import time
from homeground.wecom.models import Staff
from homeground.wecom.queries.visitors import SESSION_KEY, visitor
from tests.wecom.client.conftest import connect_played
from tests.wecom.client.played import error

ENTER, BACK, SIGN = "/wecom-login/enter", "/wecom-login/return", "/wecom-login/signature"


@pytest.fixture
def corp(db, platform):
    connect_played()
    platform.answers["auth/getuserinfo"] = {"userid": "ZhangSan"}
    Staff.objects.create(userid="zhangsan", name="张三")
    return platform


def go(client: Client, **query: str) -> dict[str, str]:
    """Go to the platform; what it was told."""
    answer = client.get(ENTER, query)
    assert answer.status_code == 302, answer.content
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["location"]).query).items()}


def come_back(client: Client, **query: str):
    told = go(client, **query)
    return client.get(BACK, {"code": "c1", "state": told["state"]})


def test_staff_come_back_signed_in_with_a_login_of_their_own(corp, client):
    answer = come_back(client, **{"for": "staff", "next": "/staff/?tab=today"})

    user = Staff.objects.get().user
    assert answer["location"] == "/staff/?tab=today"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert not user.has_usable_password()
    assert [group.name for group in user.groups.all()] == ["staff"]
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_the_second_entry_takes_the_same_login_and_keeps_its_roles(corp, client):
    come_back(client)
    user = Staff.objects.get().user
    user.groups.clear()
    come_back(Client())

    assert get_user_model().objects.count() == 1
    assert not user.groups.exists()


def test_the_way_out_carries_a_state_that_the_platform_takes(corp, client):
    told = go(client)

    assert told["state"].isalnum()
    assert len(told["state"]) >= 32
    assert told["redirect_uri"].endswith(reverse("wecom_oauth:return"))
    assert told["appid"]


def test_nobody_takes_over_an_account_of_the_same_name(corp, client):
    other = get_user_model().objects.create_superuser("wecom-zhangsan", password="long enough 1")
    come_back(client)

    assert Staff.objects.get().user != other


@pytest.mark.parametrize("change", [{"is_active": False}, {"userid": "somebody"}])
def test_who_is_no_active_member_does_not_come_in(corp, client, change):
    Staff.objects.update(**change)
    answer = come_back(client)

    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session
    assert not get_user_model().objects.exists()


def test_a_login_that_was_switched_off_stays_off(corp, client):
    come_back(client)
    get_user_model().objects.update(is_active=False)
    stranger = Client()

    assert come_back(stranger).status_code == 403
    assert "_auth_user_id" not in stranger.session


def test_a_customer_is_known_by_the_session_and_is_no_login(corp, client):
    corp.answers["auth/getuserinfo"] = {"external_userid": "wm1", "openid": "o1"}
    answer = come_back(client, **{"for": "customer", "next": "/o/abc"})

    assert answer["location"] == "/o/abc"
    assert client.session[SESSION_KEY] == ["wm1", "o1"]
    assert "_auth_user_id" not in client.session
    request = RequestFactory().get("/")
    request.session = client.session
    assert visitor(request).external_userid == "wm1"


def test_a_customer_cannot_come_in_as_staff(corp, client):
    corp.answers["auth/getuserinfo"] = {"external_userid": "wm1", "openid": "o1"}

    assert come_back(client, **{"for": "staff"}).status_code == 403


@pytest.mark.parametrize(
    "wanted", ["https://evil.cn/", "//evil.cn/", r"/\evil.cn", "javascript:alert(1)", "evil", "http:evil.cn", ""]
)
def test_next_never_leads_away_from_here(corp, client, wanted):
    assert come_back(client, next=wanted)["location"] == "/staff/"


def test_a_state_is_good_once(corp, client):
    told = go(client)
    client.get(BACK, {"code": "c1", "state": told["state"]})

    assert client.get(BACK, {"code": "c2", "state": told["state"]}).status_code == 403
    assert len(corp.calls("auth/getuserinfo")) == 1


def test_a_state_is_good_in_its_own_browser_and_for_ten_minutes(corp, client, monkeypatch):
    told = go(client)
    assert Client().get(BACK, {"code": "c1", "state": told["state"]}).status_code == 403

    later = time.now() + timedelta(minutes=11)
    monkeypatch.setattr("homeground.wecom.views.oauth.now", lambda: later)
    assert client.get(BACK, {"code": "c1", "state": told["state"]}).status_code == 403
    assert not corp.calls("auth/getuserinfo")


@pytest.mark.parametrize("query", [{}, {"state": "x"}, {"code": "c1"}, {"code": "c1", "state": "猜" * 50}])
def test_a_way_back_that_nobody_began_is_refused(corp, client, query):
    assert client.get(BACK, query).status_code == 403


def test_who_did_not_consent_is_asked_to_try_again(corp, client):
    told = go(client)

    assert client.get(BACK, {"state": told["state"]}).status_code == 403


def test_a_code_that_the_platform_refuses_is_a_page_and_no_crash(corp, client):
    corp.answers["auth/getuserinfo"] = error(40029)
    answer = come_back(client)

    assert answer.status_code == 403
    assert "登录 code 无效" in answer.content.decode()


def test_without_a_corp_the_page_says_so(db, platform, client):
    answer = client.get(ENTER)

    assert answer.status_code == 403
    assert "还没有接入企业微信" in answer.content.decode()


def test_the_sidebar_gets_its_signatures_for_a_page_of_ours(corp, client):
    come_back(client)
    corp.answers["get_jsapi_ticket"] = {"ticket": "t1", "expires_in": 7200}
    corp.answers["ticket/get"] = {"ticket": "t2", "expires_in": 7200}

    signed = client.get(SIGN, {"url": "http://testserver/staff/sidebar"}).json()

    assert (signed["corpid"], signed["agentid"]) == ("ww1234567890abcdef", "1000002")
    assert set(signed["corp"]) == set(signed["agent"]) == {"timestamp", "nonceStr", "signature"}
    assert signed["corp"]["signature"] != signed["agent"]["signature"]


@pytest.mark.parametrize("url", ["https://evil.cn/", "", "/staff/", "javascript:1"])
def test_pages_of_others_are_not_signed_for(corp, client, url):
    come_back(client)

    assert client.get(SIGN, {"url": url}).status_code == 400


def test_only_staff_get_signatures(corp, client):
    assert client.get(SIGN, {"url": "http://testserver/"}).status_code == 302
    client.force_login(get_user_model().objects.create(username="nobody"))
    assert client.get(SIGN, {"url": "http://testserver/"}).status_code == 403
