import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from homeground.core import time
from homeground.service.models import Task, Wait
from homeground.service.services import rules, tasks
from homeground.service.services.chats import ChatMessageGiven, receive
from homeground.service.services.tasks import Assignment
from tests.browser import overflow, settle, violations
from tests.service.world_day import make_friend, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def li(transactional_db):
    rules.install_defaults()
    staff = make_staff("li", name="李静", user=get_user_model().objects.create_user("wecom-li"))
    friend = make_friend(staff, "wm1", "王小明")
    at = time.now() - timedelta(minutes=4)
    receive([_message(at)])
    task = Assignment(
        key="a", staff_id=staff.pk, customer_id=friend.customer_id, title="", due_on=tasks.today(), kind="follow_up"
    )
    tasks.assign([task])
    return staff


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_day_and_the_card_are_fit_for_thumbs_and_readers(open_page, li, size, language):
    page = open_page(li.user, language=language, size=size)
    for url in ("/staff/", "/staff/sidebar?external_userid=wm1", "/staff/sidebar"):
        page.goto(url)
        settle(page)
        assert violations(page) == []
        assert overflow(page) == 0
    page.guard.assert_quiet()


def test_a_tap_handles_a_wait_finishes_a_task_and_takes_both_back(open_page, li):
    page = open_page(li.user, size=(390, 844))
    page.goto("/staff/")
    expect(page.locator(".countdown")).to_have_text(re.compile(r"剩 0\d:\d\d"))

    page.get_by_role("button", name="王小明：已处理").click()
    page.get_by_role("button", name="王小明：完成").click()
    expect(page.locator(".staff-done")).to_have_count(2)
    assert (Wait.objects.get().closing, Task.objects.get().state) == ("click", "done")

    page.get_by_role("button", name="撤销").first.click()
    expect(page.locator(".staff-done")).to_have_count(1)
    assert Wait.objects.get().answered_at is None
    page.guard.assert_quiet()


def _message(at):
    return ChatMessageGiven(
        msgid="m1", is_from_customer=True, at=at, source="archive", userid="li", external_userid="wm1", text="在吗"
    )
