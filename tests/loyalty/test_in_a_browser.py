from datetime import UTC, datetime

import pytest

from homeground.loyalty.models import CouponKind
from homeground.loyalty.queries.points import balance_of
from tests.browser import overflow, settle, violations
from tests.loyalty.busy import make_busy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_the_pages_are_fit_for_everybody(open_page, owner, language, theme):
    page = open_page(owner, language=language, theme=theme)
    for path in ("", "coupons/"):  # While they are empty.
        page.goto(f"/loyalty/{path}")
        assert violations(page) == [], path
    one, debtor, kind = make_busy(datetime.now(UTC))
    paths = [
        "", "?days=365", f"customers/{one}", f"customers/{debtor}", "coupons/", "coupons/new", f"coupons/{kind.pk}",
        f"coupons/{kind.pk}/edit",
    ]  # fmt: skip
    for path in paths:
        page.goto(f"/loyalty/{path}")
        settle(page)
        assert violations(page) == [], path
        assert overflow(page) == 0, path
    page.goto(f"/customers/{one}")
    assert violations(page) == []
    page.guard.assert_quiet()


def test_a_kind_is_made_and_points_are_adjusted_by_hand(console_page):
    one, _debtor, _kind = make_busy(datetime.now(UTC))
    page, before = console_page, balance_of(one)
    page.goto("/loyalty/coupons/")
    page.get_by_role("link", name="新建券种").click()
    page.get_by_label("券名").fill("老客回馈券")
    page.get_by_label("减多少（CNY）").fill("30")
    page.get_by_label("领取后几天有效").fill("14")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="老客回馈券").wait_for()

    page.goto(f"/customers/{one}")
    page.get_by_role("link", name="全部与调整").click()
    page.get_by_label("加减多少积分").fill("66")
    page.locator("#adjust").get_by_label("原因").fill("客诉补偿")
    page.get_by_role("button", name="调整").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    page.get_by_text("积分已调整").wait_for()

    assert balance_of(one) == before + 66
    assert CouponKind.objects.get(name="老客回馈券").amount_minor == 3000
    page.guard.assert_quiet()
