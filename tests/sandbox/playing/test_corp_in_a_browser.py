"""The phones in a real browser: scanning, accepting, chatting, confirming a mass send."""

import pytest
from playwright.sync_api import expect

from homeground.core import time
from homeground.sandbox.models import ChatMessage, Corp, Friendship, MassMessage, MassRecipient, MassTask, Member
from homeground.sandbox.services.playing_corp import chats, friends, sends
from homeground.sandbox.services.wecom import corp as corps
from tests.browser import overflow, settle, violations
from tests.sandbox.playing.world import befriend, make_contact, make_member, make_way

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def member() -> Member:
    corps.corp()
    return make_member()


def make_task(member: Member, friendship: Friendship) -> MassTask:
    content = {"text": {"content": "本周会员日 https://shop.example/vip"}, "attachments": []}
    message = MassMessage.objects.create(msgid="msg1", chat_type="single", content=content, created_at=time.now())
    MassRecipient.objects.create(message=message, member=member, contact=friendship.contact)
    return MassTask.objects.create(message=message, member=member)


def test_a_customer_scans_and_chats_and_a_member_accepts_answers_and_sends(console_page, member):
    contact, _way = make_contact("阿树"), make_way(member, remark="静安店海报")
    page = console_page
    page.goto(f"/sandbox/wecom/customers/{contact.pk}?screen=scan")
    page.locator("li", has_text="静安店海报").get_by_role("button", name="扫码").click()
    page.get_by_role("heading", name="通讯录").wait_for()

    page.goto(f"/sandbox/wecom/staff/{member.pk}")
    page.get_by_role("navigation", name="手机导航").get_by_role("link", name="客户").click()
    page.get_by_role("button", name="通过").click()
    page.get_by_text("打个招呼").wait_for()
    page.get_by_label("输入消息").fill("您好，我是您的顾问")
    page.get_by_role("button", name="发送", exact=True).click()
    page.locator(".chat-mine", has_text="您的顾问").wait_for()
    expect(page.get_by_label("输入消息")).to_have_value("")

    friendship = Friendship.objects.get(contact=contact)
    page.get_by_label("输入消息").fill("还没写完")
    page.get_by_role("heading", name="阿树").first.click()
    chats.say(friendship, "敏感肌能用吗", is_from_customer=True)
    page.get_by_text("敏感肌能用吗").wait_for()
    assert page.get_by_label("输入消息").input_value() == "还没写完"

    make_task(member, friendship)
    page.get_by_role("link", name="返回", exact=True).click()
    page.get_by_role("navigation", name="手机导航").get_by_role("link", name="任务").click()
    page.get_by_role("button", name="发送", exact=True).click()
    page.locator(".task", has_text="已发送").wait_for()
    assert ChatMessage.objects.get(is_broadcast=True).friendship == friendship
    page.guard.assert_quiet()


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("zh-hans", "light", (1440, 900)), ("en", "dark", (1440, 900)), ("zh-hans", "light", (390, 844))],
)
def test_the_pages_are_fit_for_everybody(open_page, owner, member, live_server, language, theme, size):
    friendship = befriend(make_contact(), member)
    friends.ask(make_contact("阿树"), member, words="我是小红书来的")
    chats.say(friendship, "在吗 https://shop.example/a", is_from_customer=True)
    sends.post_own(member, "换季护肤三步 https://shop.example/b")
    make_task(member, friendship)
    way = make_way(member)
    Corp.objects.update(callback_url=f"{live_server.url}/callbacks/wecom/contact")
    sign_in = f"appid={Corp.objects.get().corpid}&redirect_uri={live_server.url}/staff/&state=a"
    staff, customer = f"staff/{member.pk}?screen", f"customers/{friendship.contact_id}?screen"
    pages = ["", "staff/", "customers/", f"scan/{way.config_id}", f"connect/oauth2/authorize?{sign_in}"]
    pages += [f"{staff}={name}" for name in ("chats", "customers", "tasks", "moments")]
    pages += [f"{staff}=customer&id={friendship.pk}", f"{customer}=chat&id={friendship.pk}"]
    pages += [f"{customer}={name}" for name in ("contacts", "moments", "scan")]
    page = open_page(owner, language=language, theme=theme, size=size)
    for path in pages:
        page.goto(f"/sandbox/wecom/{path}")
        settle(page)
        assert (path, violations(page)) == (path, [])
        assert (path, overflow(page)) == (path, 0)
    page.guard.assert_quiet()
