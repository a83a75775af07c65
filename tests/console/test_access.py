"""Signing in and out: who gets in, who is kept guessing, and where they land."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from homeground.console import services
from homeground.console.models import FailedSignIn
from homeground.core import time

PASSWORD = "of-the-house-1"
pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody() -> User:
    return services.create_user("wang", "operations", PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, account: str = "wang", **more: str):
    return client.post(reverse("console:sign_in"), {"account": account, "password": password, **more})


def test_the_right_password_lets_in_and_leads_on(client, somebody):
    answer = sign_in(client, next="/settings")

    assert answer.status_code == 302
    assert answer["Location"] == "/settings"
    assert client.session["_auth_user_id"] == str(somebody.pk)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:///evil"]
)
def test_nobody_is_led_to_another_site(client, somebody, elsewhere):
    assert sign_in(client, next=elsewhere)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_account_read_the_same(client, somebody):
    wrong = sign_in(client, "not-the-password").content.decode()
    unknown = sign_in(client, account="nobody").content.decode()

    assert "账号或密码不对" in wrong
    assert "账号或密码不对" in unknown
    assert not client.session.get("_auth_user_id")


def test_guessing_is_stopped_even_when_the_guess_is_right(client, somebody):
    for _ in range(services.MOST_BY_ACCOUNT_AND_ADDRESS):
        sign_in(client, "wrong")

    assert "15 分钟" in sign_in(client).content.decode()
    assert not client.session.get("_auth_user_id")


def test_a_guesser_elsewhere_does_not_lock_the_colleague_out(client, somebody):
    for _ in range(services.MOST_BY_ACCOUNT_AND_ADDRESS):
        client.post(reverse("console:sign_in"), {"account": "wang", "password": "x"}, REMOTE_ADDR="203.0.113.9")

    assert sign_in(client).status_code == 302


def test_one_address_may_not_try_many_accounts(client, somebody):
    for i in range(services.MOST_BY_ADDRESS):
        sign_in(client, "wrong", account=f"account{i}")

    assert "15 分钟" in sign_in(client).content.decode()


def test_the_limit_ends(client, somebody, monkeypatch):
    for _ in range(services.MOST_BY_ACCOUNT_AND_ADDRESS):
        sign_in(client, "wrong")
    later = time.now() + timedelta(minutes=services.WINDOW_MINUTES + 1)
    monkeypatch.setattr(time, "now", lambda: later)

    assert sign_in(client).status_code == 302
    assert not FailedSignIn.objects.exists()


def test_a_user_who_was_turned_off_does_not_get_in(client, somebody):
    services.create_user("boss", "owner", PASSWORD)
    services.set_active("wang", False)

    assert sign_in(client).status_code == 200


def test_signing_out_ends_the_session_and_wants_a_post(client, somebody):
    client.force_login(somebody)

    assert client.get(reverse("console:sign_out")).status_code == 405
    client.post(reverse("console:sign_out"))
    assert not client.session.get("_auth_user_id")


def test_a_stranger_is_asked_to_sign_in_and_comes_back(client):
    answer = client.get(reverse("console:settings"))

    assert answer["Location"] == f"{reverse('console:sign_in')}?next=/settings"


def test_a_changed_password_ends_other_sessions_and_keeps_this_one(client, somebody):
    other = Client()
    client.force_login(somebody)
    other.force_login(somebody)

    answer = client.post(reverse("console:password"), {"old": PASSWORD, "new": "another-long-one-2"})

    assert answer.status_code == 302
    assert client.get(reverse("console:password")).status_code == 200
    assert other.get(reverse("console:password")).status_code == 302


def test_a_weak_password_changes_nothing(client, somebody):
    client.force_login(somebody)
    client.post(reverse("console:password"), {"old": PASSWORD, "new": "password"})

    somebody.refresh_from_db()
    assert somebody.check_password(PASSWORD)


def test_pages_are_chinese_whatever_the_browser_says_until_somebody_switches(client):
    page = reverse("console:sign_in")

    assert "登录" in client.get(page, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    switched = client.post(reverse("console:language"), {"language": "en", "next": page})
    assert switched["Location"] == page
    assert "Sign in" in client.get(page).content.decode()


def test_an_unknown_language_is_not_remembered(client):
    client.post(reverse("console:language"), {"language": "xx"})

    assert "django_language" not in client.cookies
