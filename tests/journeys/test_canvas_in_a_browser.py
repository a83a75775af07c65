"""Building and watching a journey in a real browser."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from homeground.journeys.models import Journey
from homeground.journeys.services import entering, publishing
from homeground.journeys.services.walking import engine
from homeground.journeys.starters import STARTERS, starter
from tests.browser import overflow, settle, violations
from tests.journeys import world

SHOTS = os.environ.get("SHOTS", "")
pytestmark = pytest.mark.browser


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.fixture
def brand(transactional_db):
    world.no_policy()
    world.make_channel(name="手机消息")
    world.make_message(name="生日祝福", body="生日快乐 {{name|亲爱的顾客}}，送你一份心意。")


@pytest.fixture
def journey(brand):
    return publishing.create(name="生日关怀", link="retain", by="owner", holdout_bp=0)


def build(page, journey):
    page.goto(reverse("journey:edit", args=[journey.slug]))
    page.wait_for_selector("[data-node]")


def kept(page, journey):
    """The draft, once the page says that it is kept."""
    page.wait_for_selector(".j-saving.is-saved")
    return Journey.objects.get(pk=journey.pk).draft


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=8)
    page.mouse.move(*end, steps=8)
    page.mouse.up()


def middle(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def bottom(page, node, part=0.5):
    box = page.locator(f"[data-node='{node}']").bounding_box()
    return box["x"] + box["width"] * part, box["y"] + box["height"]


def let_in_by_hand(page):
    page.get_by_role("tab", name="旅程设置").click()
    page.get_by_label("添加入口…").select_option("hand")


def publish(page):
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("button", name="确认发布").click()
    page.wait_for_selector(".is-watch [data-node]")


def publish_by_keyboard(page):
    page.get_by_role("button", name="发布", exact=True).press("Enter")
    page.wait_for_selector("#drawer.show")  # Until then it takes the focus to itself.
    page.get_by_role("button", name="确认发布").press("Enter")
    page.wait_for_selector(".is-watch [data-node]")


def walk(journey, count):
    customers = [world.make_customer(name=f"客户{at}") for at in range(count)]
    entering.enter(journey, [entering.Entrant(one.pk, f"hand:{one.pk}") for one in customers])
    engine.walk(journey.pk)
    return customers


def drag_two(page):
    """A message and a wait from the palette, and the edge between them."""
    canvas = page.locator("#j-canvas").bounding_box()
    x, y = canvas["x"] + canvas["width"] / 2, canvas["y"] + 200
    drag(page, middle(page, "[data-kind='message']"), (x, y))
    page.wait_for_selector("[data-node='message-1']")
    drag(page, middle(page, "[data-kind='wait']"), (x, y + 180))
    page.wait_for_selector("[data-node='wait-1']")
    page.locator("[data-node='message-1']").hover()
    start = bottom(page, "message-1")
    page.mouse.move(*start)
    page.wait_for_function("at => document.elementFromPoint(...at).closest('.lf-anchor')", arg=start)
    drag(page, start, middle(page, "[data-node='wait-1']"))
    expect(page.locator(".lf-edge")).to_have_count(2)


def test_a_journey_is_built_by_mouse_published_and_watched(console_page, journey):
    page = console_page
    build(page, journey)
    drag_two(page)
    page.locator("[data-kind='branch']").click()
    page.locator("[data-kind='tag']").click()
    page.get_by_label("打上标签").fill("老朋友")
    page.get_by_label("打上标签").press("Enter")
    let_in_by_hand(page)
    draft = kept(page, journey)

    assert [draft["nodes"][one]["next"] for one in ("message-1", "wait-1")] == ["wait-1", "branch-1"]
    assert draft["nodes"]["branch-1"]["ways"][0]["next"] == "tag-1"
    assert draft["nodes"]["tag-1"]["add"] == ["老朋友"]
    shoot(page, "built")
    assert not violations(page)
    publish(page)
    people = walk(journey, 3)
    page.wait_for_selector("[data-node='wait-1'] .jn-here:has-text('3')")
    assert page.locator(".lf-edge text").all_text_contents() == ["3"]
    page.locator("[data-node='wait-1']").click()
    page.wait_for_selector(f"#drawer.show :text('{people[0].pk}')")
    settle(page)
    shoot(page, "watched")
    assert not violations(page)
    assert overflow(page) <= 0
    page.guard.assert_quiet()


def test_a_journey_is_built_published_and_read_by_keyboard_alone(console_page, journey):
    page = console_page
    build(page, journey)
    for kind in ("wait", "message", "wait_event", "task"):
        page.locator(f"[data-kind='{kind}']").press("Enter")
        page.wait_for_selector(f"[data-node='{kind.replace('_', '-')}-1']:focus")  # A new node takes the focus.
    for key, node in (("ArrowUp", "wait-event-1"), ("ArrowUp", "message-1"), ("ArrowUp", "wait-1")):
        page.keyboard.press(key)
        page.wait_for_selector(f"[data-node='{node}']:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(".j-panel input:focus")
    page.keyboard.type("先")
    page.get_by_role("tab", name="旅程设置").focus()
    page.keyboard.press("Enter")
    page.get_by_label("添加入口…").focus()
    page.get_by_label("添加入口…").select_option("hand")
    draft = kept(page, journey)

    assert draft["variants"][0]["start"] == "wait-1"
    assert [draft["nodes"][one]["next"] for one in ("wait-1", "message-1")] == ["message-1", "wait-event-1"]
    assert "先" in draft["nodes"]["wait-1"]["name"]
    publish_by_keyboard(page)
    walk(journey, 2)
    page.wait_for_selector("[data-node='wait-1'] .jn-here:has-text('2')")
    page.locator("[data-node='$start']").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[data-node='wait-1']:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer.show table")


def test_a_node_is_moved_and_tied_by_keys(console_page, journey):
    page = console_page
    build(page, journey)
    for kind in ("wait", "message"):
        page.locator(f"[data-kind='{kind}']").press("Enter")
        page.wait_for_selector(f"[data-node='{kind}-1']:focus")
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(".j-panel input:focus")
    page.get_by_label("下一个节点").select_option("等一段时间")
    expect(page.locator(".lf-edge")).to_have_count(3)
    nodes = kept(page, journey)["nodes"]

    assert nodes["message-1"]["next"] == "wait-1"
    assert nodes["message-1"]["at"][0] == nodes["wait-1"]["at"][0] + 20
    page.guard.assert_quiet()


def test_what_was_done_is_undone_pasted_and_deleted(console_page, journey):
    page = console_page
    build(page, journey)
    for kind in ("wait", "message"):
        page.locator(f"[data-kind='{kind}']").click()
    page.wait_for_selector("[data-node='message-1']:focus")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    page.wait_for_selector("[data-node='message-2']")
    page.keyboard.press("Control+z")
    page.wait_for_selector("[data-node='message-2']", state="detached")
    page.keyboard.press("Control+Shift+z")
    page.wait_for_selector("[data-node='message-2']")
    page.locator("[data-node='wait-1']").click()
    page.locator("[data-node='wait-1']").press("Delete")
    draft = kept(page, journey)

    assert sorted(draft["nodes"]) == ["message-1", "message-2"]
    assert draft["variants"][0]["start"] == "message-1"
    page.get_by_role("tab", name="大纲").click()
    page.get_by_role("button", name="没有连上").press("Delete")
    assert list(kept(page, journey)["nodes"]) == ["message-1"]


def test_a_problem_is_shown_at_its_node_and_leads_there(console_page, journey):
    page = console_page
    build(page, journey)
    page.locator("[data-kind='handover']").click()
    page.locator("#j-canvas").click(position={"x": 5, "y": 5})
    page.wait_for_selector("[data-node='handover-1'] .jn-problem")
    page.get_by_role("tab", name="问题").click()
    shoot(page, "problems")
    page.locator(".j-problems button", has_text="转入另一旅程").first.click()
    page.wait_for_selector("[data-node='handover-1'].is-selected")
    assert page.locator(".j-panel .alert-danger").count()


def test_who_comes_second_is_told_that_the_draft_was_changed(open_page, owner, journey):
    first, second = open_page(owner), open_page(owner)
    for page in (first, second):
        build(page, journey)
    first.locator("[data-kind='wait']").click()
    kept(first, journey)

    second.locator("[data-kind='message']").click()
    second.wait_for_selector(".j-saving.is-conflict")

    assert list(Journey.objects.get(pk=journey.pk).draft["nodes"]) == ["wait-1"]


def test_a_way_of_a_branch_gets_its_rule_by_clicks(console_page, journey):
    page = console_page
    build(page, journey)
    page.locator("[data-kind='branch']").click()
    page.get_by_role("button", name="编辑条件").click()
    page.wait_for_selector("dialog[open]")
    page.locator("dialog").get_by_role("button", name="条件", exact=True).click()
    shoot(page, "rule")
    assert not violations(page)
    page.get_by_role("button", name="完成").click()

    assert kept(page, journey)["nodes"]["branch-1"]["ways"][0]["rule"] == {"all": [{"tag": []}]}


def test_channels_are_put_in_order_by_clicks_and_called_by_their_names(console_page, journey):
    page = console_page
    world.make_channel("email", "email", name="来信", address_kinds=["email"])
    build(page, journey)
    page.locator("[data-kind='channel']").click()
    expect(page.locator("[data-node='channel-1'] .jn-ways span")).to_have_text(["手机消息", "来信", "都走不通"])
    page.get_by_role("button", name="提前判断").click()
    page.get_by_label("客户最近有回应的渠道优先").check()
    expect(page.locator("[data-node='channel-1'] .jn-ways span")).to_have_text(["来信", "手机消息", "都走不通"])
    shoot(page, "channels")
    assert not violations(page)

    node = kept(page, journey)["nodes"]["channel-1"]
    assert [way["channel"] for way in node["ways"]] == ["email", "phone"]
    assert node["answered_first"] is True
    page.guard.assert_quiet()


@pytest.mark.parametrize("key", [one.key for one in STARTERS])
def test_an_example_is_drawn_accessibly(console_page, brand, key):
    page = console_page
    made = publishing.create(by="x", **starter(next(one for one in STARTERS if one.key == key)))
    build(page, made)
    shoot(page, f"example-{key}")

    assert not violations(page)
    page.guard.assert_quiet()
