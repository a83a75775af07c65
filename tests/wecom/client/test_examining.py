"""What doctor says about the corp."""

from datetime import timedelta

import httpx
import pytest

from homeground.config import doctor
from homeground.core import time
from homeground.wecom.client import contacts
from homeground.wecom.models import App, Callback, RateBudget
from homeground.wecom.services.examining import findings
from tests.wecom.client.conftest import connect_played
from tests.wecom.client.played import error


def state_of(name: str) -> tuple[str, str, str]:
    return next((one.state, one.found, one.mend) for one in findings() if one.name == name)


@pytest.fixture
def corp(db, platform):
    platform.answers[""] = httpx.Response(404)
    connect_played()
    return platform


def test_without_a_corp_one_line_says_so(db, platform):
    assert [one.state for one in findings()] == ["ok"]
    assert not platform.asked


def test_a_sound_corp_only_waits_for_its_first_callback(corp):
    found = list(findings())

    assert [one.name for one in found if one.state != "ok"] == ["WeCom callbacks"]
    assert all(one.mend for one in found if one.state != "ok")


def test_a_callback_that_came_is_a_good_sign_and_an_old_one_is_not(corp):
    Callback.objects.create(
        app="contact", key="k", event="e", body="<xml/>", told_at=time.now(), received_at=time.now()
    )
    assert state_of("WeCom callbacks")[0] == "ok"

    Callback.objects.update(received_at=time.now() - timedelta(days=4))
    assert state_of("WeCom callbacks")[0] == "warn"


def test_callbacks_without_keys_say_which_address_to_set(corp):
    App.objects.update(sealed_aes_key="")

    assert "/callbacks/wecom/contact" in state_of("WeCom callbacks")[2]


def test_a_secret_that_no_longer_works_fails_with_its_remedy(corp):
    corp.answers["gettoken"] = error(40001)
    state, found, mend = state_of("WeCom token (contact)")

    assert state == "fail"
    assert "40001" in found
    assert mend


def test_a_missing_right_is_named_and_the_rest_still_looked_at(corp):
    corp.answers["externalcontact/get_corp_tag_list"] = error(48002)
    state, found, mend = state_of("WeCom right: tags")

    assert (state, "48002" in found) == ("warn", True)
    assert "客户联系" in mend
    assert len(corp.calls("externalcontact/customer_acquisition_quota")) == 1


def test_a_blocked_api_and_a_nearly_used_hour_are_shown(wecom, platform):
    platform.answers[""] = httpx.Response(404)
    contacts.ids(wecom, "zhangsan")
    RateBudget.objects.update(in_hour=130_000)
    assert "externalcontact/list" in state_of("WeCom rate")[1]

    RateBudget.objects.update(blocked_until=time.now() + timedelta(minutes=1))
    assert "blocked" in state_of("WeCom rate")[1]


def test_clocks_that_differ_are_a_failure(corp):
    corp.answers[""] = httpx.Response(404, headers={"date": "Tue, 10 Mar 2026 04:00:00 GMT"})

    assert state_of("WeCom clock")[0] == "fail"


def test_doctor_shows_them_in_english(corp):
    corp.answers["externalcontact/get_corp_tag_list"] = error(48002)
    checks = {check.name: check for check in doctor.examine()}

    assert checks["WeCom token (contact)"].state == "ok"
    assert "may not use this API" in checks["WeCom right: tags"].found
