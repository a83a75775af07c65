import pytest
from playwright.sync_api import expect

from homeground.channels.services import send
from homeground.sandbox.models import Message, Phone
from homeground.sandbox.services.receipts import call_back
from tests.browser import overflow, settle, violations
from tests.channels.support import decisions, make_customer, outgoing, recorded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def message(phone_channel) -> Message:
    send(phone_channel, [outgoing(make_customer().pk)])
    return Message.objects.get()


def test_an_operator_plays_the_customer(console_page, live_server, message):
    console_page.goto("/sandbox/")
    console_page.get_by_role("link", name="打开手机").click()
    console_page.get_by_role("button", name="打开消息").click()
    settle(console_page)
    assert Message.objects.get(pk=message.pk).opened_at
    assert console_page.locator(".bubble a").first.get_attribute("href").startswith(f"{live_server.url}/t/")
    assert violations(console_page) == []

    console_page.get_by_label("回复").fill("TD")
    console_page.get_by_role("button", name="发送", exact=True).click()
    console_page.locator(".chat-mine").wait_for()
    expect(console_page.get_by_label("回复")).to_have_value("")
    call_back()
    assert len(recorded("opened")) == 1
    assert [source for *_rest, source in decisions()] == ["answer"]

    console_page.get_by_role("button", name="投诉").click()
    console_page.locator("#confirm").get_by_role("button", name="确定").click()
    console_page.get_by_text("已投诉").wait_for()
    console_page.guard.assert_quiet()


def test_new_messages_appear_by_themselves_and_keep_what_is_being_written(console_page, phone_channel, message):
    console_page.goto("/sandbox/phones/13800000001")
    console_page.get_by_label("回复").fill("还没写完")
    send(phone_channel, [outgoing(body="第二条消息")])
    console_page.get_by_text("第二条消息").wait_for()
    assert console_page.get_by_label("回复").input_value() == "还没写完"
    console_page.guard.assert_quiet()


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_the_pages_are_fit_for_everybody(open_page, owner, message, language, theme):
    page = open_page(owner, language=language, theme=theme)
    for is_off in (False, True):
        Phone.objects.update(is_off=is_off)
        for path in ("/sandbox/", "/sandbox/phones/13800000001"):
            page.goto(path)
            settle(page)
            assert violations(page) == []
            assert overflow(page) == 0
    page.guard.assert_quiet()
