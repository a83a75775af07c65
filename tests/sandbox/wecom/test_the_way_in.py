"""Tokens, envelope, parameters, rates and faults."""

import pytest

from homeground.sandbox.models import CallCount, TagGroup
from homeground.sandbox.services.wecom import clock, cursors, faults, limits, tokens
from homeground.sandbox.services.wecom import corp as corps
from homeground.sandbox.services.wecom.refusals import Refused
from tests.sandbox.wecom.corp import ROOT, Caller, make_member

FOLLOWERS = "externalcontact/get_follow_user_list"


def test_one_token_for_each_secret_serves_until_it_expires(corp):
    first, again, other = Caller().token, Caller().token, Caller("secret").token
    assert first == again != other
    clock.shift(7201)
    assert Caller().token != first


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, 41002),
        ({"corpid": "ww"}, 41004),
        ({"corpid": "ww", "corpsecret": "x"}, 40013),
    ],
)
def test_a_token_needs_corp_and_secret(client, corp, query, code):
    assert client.get(f"{ROOT}gettoken", query).json()["errcode"] == code


def test_a_wrong_secret_is_a_wrong_credential(client, corp):
    assert client.get(f"{ROOT}gettoken", {"corpid": corp.corpid, "corpsecret": "x"}).json()["errcode"] == 40001


def test_missing_unknown_withdrawn_and_expired_tokens_have_codes_of_their_own(client, caller):
    assert client.get(ROOT + FOLLOWERS).json()["errcode"] == 41001
    assert client.get(ROOT + FOLLOWERS, {"access_token": "x"}).json()["errcode"] == 40014
    tokens.expire()
    assert caller.get(FOLLOWERS)["errcode"] == 42001
    fresh = Caller()
    tokens.invalidate()
    assert fresh.get(FOLLOWERS)["errcode"] == 40014


def test_errors_come_as_http_200_with_words_that_change(client, caller):
    answers = [client.get(ROOT + FOLLOWERS) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {200}
    first, second = (answer.json()["errmsg"] for answer in answers)
    assert ", hint: [" in first
    assert "?e=41001" in first
    assert first != second


def test_an_unknown_path_is_not_an_api(client, corp):
    assert client.get(f"{ROOT}externalcontact/none").status_code == 404


def test_the_method_counts(caller):
    assert caller.post(FOLLOWERS)["errcode"] == 43001
    assert caller.get("externalcontact/remark")["errcode"] == 43002


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b'{"a": "\\ud800"}', b"{'a': 1}"])
def test_what_is_not_a_json_object_is_told_in_the_documented_phrase(caller, body):
    answer = caller.raw("externalcontact/remark", body)
    assert answer["errcode"] == 40058
    assert "Warning: wrong json format." in answer["errmsg"]


def test_zero_bytes_and_too_large_bodies_are_refused(caller):
    assert caller.raw("externalcontact/remark", b'{"userid": "a\\u0000"}')["errcode"] == 40033
    assert caller.raw("externalcontact/remark", b" " * 1_048_577)["errcode"] == 40206
    assert caller.get("user/get", userid="a\x00")["errcode"] == 40058


@pytest.mark.parametrize(
    "body",
    [
        {"userid": 1, "external_userid": "x", "remark": "y"},
        {"userid": "ZhangSan", "external_userid": [], "remark": "y"},
        {"userid": "ZhangSan", "external_userid": "x", "remark": {"a": 1}},
        {"userid": "ZhangSan", "external_userid": "x", "remark_mobiles": "13800000000"},
        {"userid": "ZhangSan", "external_userid": "x", "remark": 10**30},
    ],
)
def test_a_parameter_of_another_type_is_refused(caller, zhang, body):
    assert caller.post("externalcontact/remark", **body)["errcode"] in (40003, 40058, 40096, 41035)


def test_the_call_beyond_the_limit_blocks_for_the_length_of_the_window(caller):
    limits.limit(FOLLOWERS, per_minute=2, per_hour=3)
    assert [caller.get(FOLLOWERS)["errcode"] for _ in range(4)] == [0, 0, 45009, 45009]
    clock.shift(61)
    assert caller.get(FOLLOWERS)["errcode"] == 45009  # The hour's limit: counted calls went on while blocked.
    clock.shift(3601)
    assert caller.get(FOLLOWERS)["errcode"] == 0


def test_the_corps_own_limit_holds_where_none_is_set(caller):
    corps.change(calls_per_minute=1)
    assert [caller.get(FOLLOWERS)["errcode"] for _ in range(2)] == [0, 45009]
    limits.forget()
    assert caller.get(FOLLOWERS)["errcode"] == 0
    assert CallCount.objects.get(api=FOLLOWERS).total == 3


def test_ten_moment_tasks_a_minute(caller, zhang):
    codes = [caller.post("externalcontact/add_moment_task", text={"content": "早"})["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [45009]


def test_a_fault_meets_so_many_calls_of_its_api(caller):
    faults.plant("errcode", FOLLOWERS, errcode=-1, times=2)
    assert [caller.get(FOLLOWERS)["errcode"] for _ in range(3)] == [-1, -1, 0]
    faults.plant("broken")
    assert caller.client.get(ROOT + FOLLOWERS).status_code == 500
    assert caller.get(FOLLOWERS)["errcode"] == 0


@pytest.mark.parametrize(("kind", "made"), [("silent_before", 0), ("silent_after", 1)])
def test_silence_comes_before_or_after_the_work_is_done(caller, kind, made):
    faults.plant(kind, "externalcontact/add_corp_tag", seconds=0)
    address = f"{ROOT}externalcontact/add_corp_tag?access_token={caller.token}"
    body = b'{"group_name": "a", "tag": [{"name": "b"}]}'
    assert caller.client.generic("POST", address, body).status_code == 500
    assert TagGroup.objects.count() == made


def test_a_cursor_serves_one_api_and_one_filter(corp):
    made = cursors.make("one", ["a"], [7])
    assert cursors.read("one", ["a"], made) == [7]
    for api, about, code in (("two", ["a"], 50100), ("one", ["b"], 60268)):
        with pytest.raises(Refused) as refused:
            cursors.read(api, about, made)
        assert refused.value.code == code
    assert len(made) <= 64


def test_the_api_needs_no_console_login_and_the_corp_is_made_once(corp):
    make_member("x")
    again = type(corp).objects.get()
    assert (again.corpid, len(again.corpid), len(again.aes_key)) == (corp.corpid, 18, 43)


def test_the_credentials_name_the_address_where_events_go(corp):
    keys = corps.credentials()
    assert list(keys) == ["corpid", "secret", "contact_secret", "agentid", "token", "aes_key", "callback_url"]
    assert keys["callback_url"].endswith("/callbacks/wecom/contact")
    assert keys["callback_url"].startswith("http")
    corps.change(callback_url="https://example.com/x")
    assert corps.credentials()["callback_url"] == "https://example.com/x"
