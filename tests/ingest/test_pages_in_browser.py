import os

import pytest

from homeground.ingest.models import FileImport
from homeground.ingest.services import uploads
from homeground.ingest.services.tokens import create_token
from tests.browser import overflow, settle, violations
from tests.ingest.files import ORDERS, write
from tests.ingest.support import post
from tests.ingest.test_order_files import ONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PICTURES = os.environ.get("HOMEGROUND_PICTURES")


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/ingest-{name}.png", full_page=True)


@pytest.fixture
def row(tmp_path, owner) -> FileImport:
    """A file that was brought, and not yet taken."""
    from django.core.files import File

    path = write(tmp_path, ORDERS + ONE + ONE.replace("绿茶", "a long name " * 9) + "bad\n", "订单.csv")
    with path.open("rb") as file:
        return uploads.keep_upload(File(file, path.name), "orders", None, "owner")


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "light"), ("zh-hans", "dark")])
def test_every_page_is_quiet_accessible_and_fits(open_page, owner, row, language, theme):
    create_token("官网", ["ingest", "read"])
    post("/v1/batch", {"batch": [{"type": "nothing", "userId": "u1"}, {"type": "track", "userId": "u1"}]})
    page = open_page(owner, language=language, theme=theme)
    for name, address in {
        "sources": "/data/", "imports": "/data/files", "draft": f"/data/files/{row.pk}", "rejected": "/data/rejected",
    }.items():  # fmt: skip
        page.goto(address)
        settle(page)
        picture(page, f"{name}-{language}-{theme}")
        assert violations(page) == []
        assert overflow(page) == 0
        page.guard.assert_quiet()


def test_a_person_brings_a_file_tries_it_and_takes_it_in(console_page, tmp_path):
    page = console_page
    page.goto("/data/files")
    page.locator("input[type=file]").set_input_files(
        write(tmp_path, "订单号,货号,数量,单价,时间,手机\n1,tea,2,9.9,2026-01-31,13800000001\n", "订单.csv")
    )
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_label("订单号").wait_for()
    assert page.get_by_label("手机").input_value() == "phone"
    page.get_by_role("button", name="试算").click()
    page.get_by_text("等待后台任务开始").wait_for()
    row = FileImport.objects.get()
    uploads.run(row.pk, dry_run=True)
    page.get_by_text("试算结果").wait_for()
    settle(page)
    picture(page, "trial")
    page.get_by_role("button", name="开始导入").click()
    page.get_by_text("等待后台任务开始").wait_for()
    picture(page, "queued")
    uploads.run(row.pk, dry_run=False)
    page.get_by_role("heading", name="结果").wait_for()
    settle(page)
    picture(page, "done")
    assert violations(page) == []


def test_a_token_is_made_and_shown_once(console_page):
    page = console_page
    page.goto("/data/")
    page.get_by_label("名称").fill("小程序")
    page.get_by_role("button", name="生成").click()
    page.get_by_text("只显示这一次").wait_for()
    picture(page, "token")
    assert violations(page) == []
    page.goto("/data/")
    assert page.get_by_text("只显示这一次").count() == 0
    page.guard.assert_quiet()
