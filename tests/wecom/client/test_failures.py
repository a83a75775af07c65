"""What a call does when the platform refuses, is not there, or does not answer."""

import httpx
import pytest
from django.utils import translation

from homeground.wecom.client import FateUnknown, Unreachable, WeComError, contacts, mass, tags
from homeground.wecom.client.errors import TABLE, Remedy, known
from homeground.wecom.client.mass import MassSpec
from tests.wecom.client.played import error

LIST, SEND = "externalcontact/list", "externalcontact/add_msg_template"
SPEC = MassSpec("你好", external_userids=["wm1"], sender="zhangsan")


@pytest.mark.parametrize("code", [-1, 6000, 45033, 45035])
def test_a_busy_platform_is_asked_again_with_growing_pauses(wecom, platform, waits, code):
    platform.answers[LIST] = [error(code), error(code), error(code), {"external_userid": ["wm1"]}]

    assert contacts.ids(wecom, "zhangsan") == ["wm1"]
    assert len(waits) == 3
    assert 0 < sum(waits) < 4


@pytest.mark.parametrize("code", [-1, 6000, 45033, 45035])
def test_three_repeats_are_enough(wecom, platform, code):
    platform.answers[LIST] = error(code)

    with pytest.raises(WeComError):
        contacts.ids(wecom, "zhangsan")

    assert len(platform.calls(LIST)) == 4


def test_other_refusals_are_not_repeated_and_speak(wecom, platform):
    platform.answers[SEND] = error(41048)

    with pytest.raises(WeComError, match="没有可以发送的客户") as refusal:
        mass.create(wecom, SPEC)

    assert (refusal.value.code, refusal.value.api, refusal.value.may_retry) == (41048, SEND, False)
    assert len(platform.calls(SEND)) == 1


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("closed"), "502", "not json"])
def test_a_write_without_an_answer_is_unknown_and_never_sent_again(wecom, platform, trouble):
    platform.answers[SEND] = {"502": httpx.Response(502), "not json": httpx.Response(200, text="<html>")}.get(
        str(trouble), trouble
    )

    with pytest.raises(FateUnknown):
        mass.create(wecom, SPEC)

    assert len(platform.calls(SEND)) == 1


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("slow"), httpx.Response(503)])
def test_a_read_without_an_answer_is_asked_again(wecom, platform, trouble):
    platform.answers["externalcontact/get_corp_tag_list"] = [trouble, trouble, {"tag_group": []}]

    assert tags.tags(wecom) == []


def test_a_read_gives_up_after_three_repeats(wecom, platform):
    platform.answers[LIST] = httpx.Response(500)

    with pytest.raises(FateUnknown):
        contacts.ids(wecom, "zhangsan")

    assert len(platform.calls(LIST)) == 4


def test_nobody_there_means_surely_not_sent_so_a_write_is_tried_again(wecom, platform):
    platform.answers[SEND] = [httpx.ConnectError("refused"), {"msgid": "msg1"}]

    assert mass.create(wecom, SPEC).msgid == "msg1"


@pytest.mark.parametrize("status", [301, 404])
def test_another_server_than_the_platform_is_unreachable_and_no_redirect_is_followed(wecom, platform, status):
    platform.answers[SEND] = httpx.Response(status, headers={"location": "http://10.0.0.1/"})

    with pytest.raises(Unreachable, match=str(status)):
        mass.create(wecom, SPEC)

    assert {asked.path for asked in platform.asked} == {"gettoken", SEND}


def test_an_endless_answer_is_cut_off(wecom, platform, monkeypatch):
    monkeypatch.setattr("homeground.wecom.client.transport.ANSWER_BYTES", 1000)
    platform.answers[LIST] = lambda asked: httpx.Response(200, content=b"x" * 5000)

    with pytest.raises(FateUnknown):
        contacts.ids(wecom, "zhangsan")


@pytest.mark.parametrize("text", ["[]", "null", '"ok"', '{"errcode": "many"}'])
def test_an_answer_that_is_no_answer_is_a_failure_and_no_crash(wecom, platform, text):
    platform.answers[LIST] = lambda asked: httpx.Response(200, text=text)

    with pytest.raises((FateUnknown, WeComError)):
        contacts.ids(wecom, "zhangsan")


def test_a_failing_call_keeps_the_token_and_the_secret_out_of_its_words(wecom, platform, caplog):
    platform.answers[LIST] = error(60020)
    caplog.set_level("DEBUG")

    with pytest.raises(WeComError) as refusal:
        contacts.ids(wecom, "zhangsan")

    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("httpcore")]
    said = f"{refusal.value} {refusal.value!r} {refusal.value.text} {logged}"
    assert "token-" not in said
    assert "secret" not in said


def test_every_code_has_a_sentence_and_a_remedy_in_both_languages():
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for code, entry in TABLE.items():
                assert str(entry.sentence), code
                assert entry.remedy, code
                assert (language == "zh-hans") == any("\u4e00" <= c <= "\u9fff" for c in entry.remedy), code


def test_an_unknown_code_says_so():
    assert known(123456789).mend is Remedy.REPORT
    assert known(86999).sentence == known(86001).sentence
