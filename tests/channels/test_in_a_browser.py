import pytest
from playwright.sync_api import expect

from homeground.channels import links, queries
from homeground.channels.services import send
from homeground.sandbox.models import Message
from tests.browser import overflow, settle, violations
from tests.channels.support import decisions, make_customer, outgoing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_customer_opts_out_on_a_phone_and_takes_it_back(phone, base_url, phone_page):
    customer = make_customer()
    send(phone, [outgoing(customer.pk)])
    phone_page.goto(links.urls_of(Message.objects.get().body)[-1])
    expect(phone_page.locator("h1")).to_have_text("不想再收到促销消息？")
    assert violations(phone_page) == []
    assert overflow(phone_page) == 0
    assert not decisions()

    phone_page.get_by_role("button", name="不再接收「手机消息」的促销消息").click()
    expect(phone_page.locator("h1")).to_have_text("已停止发送")
    assert queries.standing(customer.pk, "phone").is_out
    assert violations(phone_page) == []

    phone_page.get_by_role("button", name="恢复接收促销消息").click()
    expect(phone_page.locator("h1")).to_have_text("不想再收到促销消息？")
    assert [granted for *_rest, granted, _source in decisions()] == [False, True]
    phone_page.guard.assert_quiet()


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
@pytest.mark.parametrize("path", ["/channels/", "/channels/phone", "/channels/email", "/channels/webhook"])
def test_the_pages_are_fit_for_everybody(phone, base_url, open_page, owner, path, language, theme):
    page = open_page(owner, language=language, theme=theme)
    page.goto(path)
    settle(page)
    assert violations(page) == []
    assert overflow(page) == 0
    page.guard.assert_quiet()
