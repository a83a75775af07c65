"""The pages of segments in a real browser, and what a stranger may not."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from playwright.sync_api import expect

from homeground.commerce.models import Product
from homeground.events.catalog.commerce import OrderPaid
from homeground.events.services import record
from homeground.people.models import Customer
from homeground.people.services import AttributeGiven, merge, set_attributes, untag
from homeground.segments.models import Export, Segment
from homeground.segments.services import create, create_list, create_list_from_rule, members, refresh
from tests.browser import overflow, settle, violations
from tests.segments.people import AT, TAGGED, in_step, make_customers, put_tag
from tests.support import drain

SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def world(transactional_db) -> list[int]:
    ids = make_customers(24, tagged=range(9))
    put_tag(ids[5:15], "母婴")
    Customer.objects.filter(pk__in=ids).update(name="王小明", source="poster")
    cities = ["上海", "杭州", "北京"]
    set_attributes([AttributeGiven(one, "city", cities[at % 3], "crm", AT) for at, one in enumerate(ids)])
    set_attributes([AttributeGiven(one, "age", 20 + at, "crm", AT) for at, one in enumerate(ids)])
    for at, one in enumerate(ids[:12]):
        record(
            OrderPaid(
                customer_id=one, order_no=f"{at}", amount_minor=1000 * at, currency="CNY", items=1, skus=["A1"],
                happened_at=AT - timedelta(days=at),
            )
        )  # fmt: skip
    drain()
    in_step()
    return ids


def shoot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def counts(page, customers: int) -> None:
    """The page says so many; an estimate that is being counted anew is not it yet."""
    expect(page.locator(".estimate:not(.is-old)")).to_have_text(str(customers))


@pytest.mark.browser
def test_a_rule_is_built_by_clicks_counted_and_kept(console_page, world):
    page = console_page
    page.goto(reverse("segments:new"))
    counts(page, 24)
    page.get_by_role("button", name="条件", exact=True).click()
    page.get_by_role("button", name="高客单").click()
    counts(page, 9)
    page.get_by_role("button", name="条件组", exact=True).click()
    page.locator(".rule-group .rule-group").get_by_role("button", name="母婴").click()
    counts(page, 4)
    assert "标签含 高客单" in page.locator(".sentence").inner_text()
    assert page.locator(".sample li").count() == 4
    assert "王小明" not in page.locator(".sample").inner_text()
    page.get_by_label("名称").fill("高客单母婴")
    page.get_by_role("button", name="保存人群").click()
    page.wait_for_url("**/segments/segment-*")

    segment = Segment.objects.get()
    assert segment.rule == {"all": [TAGGED, {"any": [{"tag": ["母婴"]}]}]}
    assert members(segment) == world[5:9]
    page.guard.assert_quiet()


@pytest.mark.browser
def test_every_kind_of_condition_can_be_picked_and_is_understood(console_page, world):
    create(slug="other", name="另一个", rule=TAGGED)
    page = console_page
    page.goto(reverse("segments:new"))
    page.get_by_role("button", name="条件", exact=True).click()
    kinds = page.get_by_label("条件类型")
    values = kinds.locator("option").evaluate_all("all => all.map(one => one.value)")
    assert len(values) >= 20
    for value in values:
        kinds.select_option(value)
        page.wait_for_timeout(30)
    for value in (
        "attribute:age",
        "orders:net",
        "orders:recency",
        "orders:last",
        "event",
        "segment",
        "consent",
        "created",
    ):
        key, _, of = value.partition(":")
        asked = f'"{key}":"{of}' if of else f'"{key}":'
        with page.expect_response(lambda answer, asked=asked: asked in (answer.request.post_data or "")) as answer:
            kinds.select_option(value)
        assert "customers" in answer.value.json(), value
    page.guard.assert_quiet()


@pytest.mark.browser
def test_an_event_condition_takes_a_measure_a_filter_and_a_follower(console_page, world):
    page = console_page
    page.goto(reverse("segments:new"))
    page.get_by_role("button", name="条件", exact=True).click()
    page.get_by_label("条件类型").select_option("event")
    page.get_by_label("做过的事").select_option("commerce.order_paid")
    counts(page, 12)
    page.get_by_role("button", name="筛选").click()
    page.get_by_label("事件属性").fill("amount_minor")
    page.get_by_label("值类型").select_option("number")
    page.get_by_label("值", exact=True).fill("100")
    counts(page, 2)
    page.get_by_label("看什么").select_option("then")
    counts(page, 0)
    shoot(page, "builder-event")
    page.guard.assert_quiet()


@pytest.mark.browser
def test_a_rule_written_by_hand_says_where_it_is_wrong(console_page, world):
    page = console_page
    page.goto(reverse("segments:new"))
    page.get_by_role("button", name="JSON").click()
    area = page.get_by_label("规则 JSON")
    area.fill('{"all": [\n {"tag": ["高客单"]}, {"attribute": "shoe", "is": {"equals": 1}}]}')
    page.wait_for_selector(".condition-error:has-text('all[1].attribute')")
    page.get_by_role("button", name="点选").click()
    assert "shoe" in page.locator(".condition.is-wrong .condition-error").inner_text()
    page.get_by_role("button", name="JSON").click()
    area.fill('{"not": {"tag": ["高客单"]}}')
    counts(page, 15)
    area.fill("{")
    page.wait_for_selector(".condition-error")
    page.guard.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "light"), ("zh-hans", "dark")])
def test_pages_are_accessible_and_quiet(open_page, owner, world, language, theme):
    segment = create(slug="vip", name="高客单", rule={"all": [TAGGED, RICH]}, link="retain")
    create(slug="both", name="组合", rule={"not": {"segment": "vip"}})
    for days in range(4):
        put_tag(world[9 + days : 10 + days])
        refresh(segment, AT + timedelta(days=days))
    page = open_page(owner, language=language, theme=theme)
    more = {
        "explained-in": f"{pages()['explain']}?customer={world[0]}",
        "explained-out": f"{pages()['explain']}?customer={world[20]}",
        "found": f"{pages()['explain']}?q=1380",
        "nobody": f"{pages()['explain']}?q=x",
        "customer": reverse("console:customer", args=[world[0]]),
    }
    for name, address in (pages() | more).items():
        page.goto(address)
        settle(page)
        if name in ("new", "edit"):
            page.wait_for_selector(".estimate")
            page.wait_for_selector("[aria-busy=false]")
        shoot(page, f"{name}-{language}-{theme}")
        assert violations(page) == [], name
        assert overflow(page) == 0, name
    page.guard.assert_quiet()


RICH = {
    "any": [
        {"attribute": "city", "is": {"in": ["上海", "杭州"]}},
        {"orders": "net", "within": {"last_days": 365}, "is": {"at_least": 50}},
        {"not": {"all": [{"relation": ["none"]}, {"event": "commerce.order_paid", "is": {"at_most": 2}}]}},
    ]
}


def pages() -> dict[str, str]:
    return {
        "list": reverse("segments:list"),
        "new": reverse("segments:new"),
        "edit": reverse("segments:edit", args=["vip"]),
        "detail": reverse("segments:detail", args=["vip"]),
        "new_list": reverse("segments:new_list"),
        "explain": reverse("segments:explain", args=["vip"]),
    }


@pytest.mark.django_db
def test_a_stranger_may_not(client):
    make_customers(2, tagged=[0])
    create_list_from_rule(slug="vip", name="vip", rule=TAGGED, at=AT)
    gets = [*pages().values(), *(reverse(f"segments:{name}") for name in ("values", "properties", "property_values"))]
    posts = [reverse(f"segments:{name}", args=["vip"]) for name in ("refresh", "export", "archive", "restore")]
    posts += [reverse("segments:preview"), reverse("segments:install_pair", args=["svip-ordinary"])]

    for address in gets:
        assert client.get(address).status_code == 302
    for address in posts:
        assert client.post(address).status_code == 302
    client.force_login(get_user_model().objects.create_user("nobody"))
    for address in gets:
        assert client.get(address).status_code == 403
    for address in posts:
        assert client.post(address).status_code == 403
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_who_may_look_may_not_export(client):
    make_customers(2, tagged=[0])
    create_list_from_rule(slug="vip", name="vip", rule=TAGGED, at=AT)
    user = get_user_model().objects.create_user("looker")
    user.user_permissions.add(Permission.objects.get(codename="view_segment"))
    client.force_login(user)

    assert client.get(reverse("segments:detail", args=["vip"])).status_code == 200
    assert client.post(reverse("segments:export", args=["vip"])).status_code == 403
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_an_export_goes_out_with_a_record(client):
    ids = make_customers(3, tagged=[0, 2])
    create_list_from_rule(slug="vip", name="vip", rule=TAGGED, at=AT)
    client.force_login(get_user_model().objects.create_superuser("owner"))

    answer = client.post(reverse("segments:export", args=["vip"]))
    text = b"".join(answer.streaming_content).decode()

    assert [line.split(",")[0] for line in text.splitlines()[1:]] == [str(ids[0]), str(ids[2])]
    assert Export.objects.get().exported_by == "owner"


@pytest.mark.django_db
def test_archiving_can_be_undone_and_is_refused_where_it_is_used(client):
    make_customers(1, tagged=[0])
    client.force_login(get_user_model().objects.create_superuser("owner"))
    create(slug="a", name="甲", rule=TAGGED)
    create(slug="b", name="乙", rule={"segment": "a"})

    refused = client.post(reverse("segments:archive", args=["a"]), follow=True)
    client.post(reverse("segments:archive", args=["b"]))
    assert "乙" in refused.content.decode()
    assert list(Segment.objects.listed().values_list("slug", flat=True)) == ["a"]

    client.post(reverse("segments:restore", args=["b"]))
    assert Segment.objects.listed().count() == 2


@pytest.mark.django_db
def test_a_pair_is_made_once(client):
    make_customers(2)
    client.force_login(get_user_model().objects.create_superuser("owner"))
    for key in ("new-old", "bought-or-not", "svip-ordinary", "strong-weak", "svip-ordinary", "nothing"):
        assert client.post(reverse("segments:install_pair", args=[key])).status_code == 302

    assert Segment.objects.count() == 8
    assert Segment.objects.get(slug="not-bought").customers == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b'"x"', b'{"rule": 3}', b'{"rule": null, "name": 5, "slug": {}}']
)
def test_nonsense_is_refused_with_a_sentence(client, body):
    client.force_login(get_user_model().objects.create_superuser("owner"))
    for name in ("preview", "new"):
        answer = client.post(reverse(f"segments:{name}"), body, content_type="application/json")
        assert answer.status_code == (422 if name == "new" else 200), name
        assert answer.json().get("message") or answer.json()["fields"]
    assert not Segment.objects.exists()


def look(client, slug: str, **asked: object) -> str:
    answer = client.get(reverse("segments:explain", args=[slug]), asked, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_customer_is_explained_with_when_they_came_and_went(client):
    one, other = make_customers(2, tagged=[0])
    segment = create(slug="vip", name="高客单", rule=TAGGED)
    refresh(segment, AT)
    drain()
    client.force_login(get_user_model().objects.create_superuser("owner"))

    assert "在这个人群里，现在也符合规则。" in look(client, "vip", customer=one)
    assert "第 1 次更新" in look(client, "vip", customer=one)
    text = look(client, "vip", customer=other)
    assert "不在这个人群里" in text
    assert "还没有标签" in text
    put_tag([other])
    assert "下次更新后会进入" in look(client, "vip", customer=other)
    untag([one], "高客单")
    assert "下次更新后会离开" in look(client, "vip", customer=one)
    merge(other, one, {"by": "test"})
    assert f"customers/{other}" in look(client, "vip", customer=one)


@pytest.mark.django_db
def test_a_customer_is_looked_for_and_shown_masked(client):
    ids = make_customers(2)
    Customer.objects.filter(pk__in=ids).update(name="王小明")
    create(slug="vip", name="vip", rule=TAGGED)
    client.force_login(get_user_model().objects.create_superuser("owner"))

    assert look(client, "vip", q="13800000001").count(f"customers/{ids[1]}") == 1
    many = look(client, "vip", q="1380000000")
    assert all(f"?customer={one}" in many for one in ids)
    assert "王小明" not in many
    assert "没有找到" in look(client, "vip", q="nobody")
    assert client.get(reverse("segments:explain", args=["vip"]), {"customer": "9" * 15}).status_code == 404
    assert client.get(reverse("segments:explain", args=["none"])).status_code == 404


@pytest.mark.django_db
def test_a_list_without_a_rule_and_one_with_are_explained(client):
    ids = make_customers(2, tagged=[0])
    create_list_from_rule(slug="made", name="made", rule=TAGGED, at=AT)
    create_list(slug="file", name="file", lines=["phone", "13800000001"], at=AT)
    client.force_login(get_user_model().objects.create_superuser("owner"))

    assert "在这份固定名单里" in look(client, "made", customer=ids[0])
    assert "没有规则可以逐条解释" in look(client, "file", customer=ids[1])
    assert "不在这份固定名单里" in look(client, "file", customer=ids[0])


@pytest.mark.django_db
def test_who_may_see_segments_but_no_customers_gets_no_explanation(client):
    [one] = make_customers(1, tagged=[0])
    create(slug="vip", name="vip", rule=TAGGED)
    user = get_user_model().objects.create_user("looker")
    user.user_permissions.add(Permission.objects.get(codename="view_segment"))
    client.force_login(user)

    assert client.get(reverse("segments:explain", args=["vip"]), {"customer": one}).status_code == 403
    assert "解释一位客户" not in client.get(reverse("segments:detail", args=["vip"])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_page_of_a_customer_shows_their_segments_to_those_who_may(client):
    one, other = make_customers(2, tagged=[0])
    refresh(create(slug="vip", name="高客单人群", rule=TAGGED), AT)
    drain()
    user = get_user_model().objects.create_user("looker")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_customer", "view_order"]))
    client.force_login(user)
    assert "所在人群" not in client.get(reverse("console:customer", args=[one])).content.decode()

    client.force_login(get_user_model().objects.create_superuser("owner"))
    assert "高客单人群" in client.get(reverse("console:customer", args=[one])).content.decode()
    assert "不在任何人群里" in client.get(reverse("console:customer", args=[other])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_editor_is_told_properties_with_their_kinds_and_known_values(client):
    [one] = make_customers(1)
    for at in range(3):
        order = OrderPaid(customer_id=one, order_no=f"{at}", amount_minor=1, currency="CNY", items=1, skus=["A1"])
        record(order)
    drain()
    client.force_login(get_user_model().objects.create_superuser("owner"))
    asked = {"event": "commerce.order_paid"}

    found = client.get(reverse("segments:properties"), asked).json()["values"]
    assert {one["value"]: one["kind"] for one in found} == {
        "amount_minor": "number", "currency": "text", "items": "number", "order_no": "text"
    }  # fmt: skip
    values = reverse("segments:property_values")
    assert client.get(values, asked | {"property": "currency"}).json()["values"] == ["CNY"]
    assert client.get(values, asked | {"property": "order_no"}).json()["values"] == []


@pytest.mark.django_db
def test_products_are_found_by_code_and_by_name_for_those_who_may(client):
    Product.objects.bulk_create([Product(sku="A1", name="红裙"), Product(sku="A2", name=""), Product(sku="B1")])
    address = reverse("console:products")
    assert client.get(address).status_code == 302
    client.force_login(get_user_model().objects.create_user("nobody"))
    assert client.get(address).status_code == 403
    client.force_login(get_user_model().objects.create_superuser("owner"))

    assert [one["value"] for one in client.get(address, {"q": "a"}).json()["values"]] == ["A1", "A2"]
    assert client.get(address, {"q": "红"}).json()["values"] == [{"value": "A1", "label": "红裙 · A1"}]
    assert [one["value"] for one in client.get(address, {"sku": "B1\nA2\nC"}).json()["values"]] == ["A2", "B1"]
