import json

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from homeground.content import services
from homeground.content.models import FeedLimit, Material, MomentLabel, MomentPlan, Persona, QuickReply
from homeground.content.views import moments
from homeground.core import time
from homeground.people.models import Tag
from tests.content.test_plans import sell
from tests.content.world import days, draft, member, own_post, picture, planned, published

pytestmark = pytest.mark.django_db
READS = [
    "moments",
    "results",
    "plans",
    "mix",
    "own_posts",
    "personas",
    "replies",
    "new_plan",
    "new_persona",
    "new_reply",
    "reply_file",
]
WRITES = ["copy_month", "plan_preview", "tray", "start_replies"]
ROWS = {
    "plan": "get", "unschedule_plan": "post", "delete_plan": "post", "stop_plan": "post", "label": "post",
    "persona": "get", "confirm_persona": "post", "reply": "get", "delete_reply": "post", "favour_reply": "post",
    "material": "get",
}  # fmt: skip


@pytest.fixture
def operator(client):
    """Somebody who may do everything, signed in."""
    client.force_login(User.objects.create_superuser("op", password="x"))
    return client


def given(**more):
    tag = Tag.objects.get_or_create(name="未消费")[0]
    return {
        "topic": "辨茶", "kind": "expertise", "planned_at": f"{days(300):%Y-%m-%dT%H:%M}", "text": "看叶底。",
        "audience": "tags", "tags": [tag.pk], "is_by_all": "on",
    } | more  # fmt: skip


def url(name, *args):
    return reverse(f"content:{name}", args=args)


@pytest.mark.parametrize("name", [*READS, *WRITES, *ROWS])
def test_a_stranger_may_not(client, name):
    method = ROWS.get(name) or ("post" if name in WRITES else "get")
    address = url(name, 1) if name in ROWS else url(name)
    assert getattr(client, method)(address).status_code == 302

    client.force_login(User.objects.create_user("someone", password="x"))
    assert getattr(client, method)(address).status_code == 403


def test_a_post_is_written_planned_and_found_in_the_month(operator):
    member()
    answer = operator.post(url("new_plan"), given(schedule="1"))

    plan = MomentPlan.objects.get()
    assert answer.headers["Location"] == url("plan", plan.pk)
    assert (plan.state, plan.created_by, [tag.name for tag in plan.tags.all()]) == ("planned", "op", ["未消费"])
    month = f"{time.day_of(plan.planned_at, 'Asia/Shanghai'):%Y-%m}"
    assert "辨茶" in operator.get(url("moments") + f"?month={month}").content.decode()


def test_a_refused_post_is_not_half_saved(operator):
    answer = operator.post(url("new_plan"), given(text="茶" * 1400))

    assert answer.status_code == 422
    assert not MomentPlan.objects.exists()

    answer = operator.post(url("new_plan"), given(is_by_all="", schedule="1"))
    assert "哪些员工发表" in answer.content.decode()
    assert not MomentPlan.objects.exists()


def allowed(*names):
    user = User.objects.create_user("content", password="x")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def tonight():
    """The last minute of today in the brand's zone, as a form says it."""
    return f"{time.day_of(time.now(), 'Asia/Shanghai')}T23:59"


def test_only_who_may_override_gets_a_shelf_through(client):
    lin = member()
    sell(4, lin)
    MomentPlan.objects.update(planned_at=time.now())
    values = given(kind="goods", planned_at=tonight(), override_reason="大促", schedule="1")
    client.force_login(allowed("add_momentplan", "change_momentplan", "view_momentplan"))

    answer = client.post(url("new_plan"), values)
    assert answer.status_code == 422
    assert "货架" in answer.content.decode()
    assert MomentPlan.objects.count() == 4

    client.force_login(User.objects.create_superuser("boss", password="x"))
    assert client.post(url("new_plan"), values).status_code == 302
    assert MomentPlan.objects.latest("pk").override_by == "boss"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "soup"}, {"planned_at": "never"}, {"tags": ["x", 10**30]}, {"attachment": "{"}, {"attachment": "[1]"},
        {"attachment": json.dumps({"kind": "image", "material": 10**30})}, {"plan": "9" * 30}, {"topic": "x" * 99},
        {"attachment": json.dumps({"kind": {}})}, {"audience": "?"}, {"text": "\x00"}, {"senders": ["-1"]},
    ],
)  # fmt: skip
def test_bad_input_is_answered_and_keeps_nothing(operator, change):
    assert operator.post(url("plan_preview"), given(**change)).status_code == 200
    assert operator.post(url("new_plan"), given(schedule="1", **change)).status_code in (302, 422)


@pytest.mark.parametrize(
    "query", ["month=x", "month=0001-01", "month=9999-12", "persona=x", "persona=99999999999999999999"]
)
def test_an_address_that_somebody_made_up_shows_a_month(operator, query):
    assert operator.get(url("moments") + "?" + query).status_code == 200


def test_the_preview_counts_and_says_what_it_does_to_the_feed(operator):
    page = operator.post(url("plan_preview"), given(text="<b>你好")).content.decode()

    assert "&lt;b&gt;你好" in page
    assert "9 / 4000 字节" in page
    assert "发出后的品牌配比" in page


def test_files_join_the_tray_and_leave_it(operator):
    page = operator.post(url("tray"), {"use": "moments", "files": [picture(), picture((9, 9))]})
    items = [json.loads(text) for text, _item in page.context["tray"].rows]
    assert [item["kind"] for item in items] == ["image", "image"]

    left = operator.post(url("tray"), {"attachment": [json.dumps(item) for item in items], "drop": "0"})

    assert left.context["tray"].items == items[1:]
    shown = operator.get(url("material", items[1]["material"]))
    assert shown.headers["Content-Type"] == "image/jpeg"


def test_a_bad_file_leaves_the_tray_as_it_was(operator):
    item = json.dumps({"kind": "image", "material": 1})

    page = operator.post(url("tray"), {"attachment": item, "files": SimpleUploadedFile("a.jpg", b"no")})

    assert "读不出这张图片" in page.content.decode()
    assert len(page.context["tray"].items) == 1
    assert not Material.objects.exists()


def test_a_card_is_opened_and_added(operator):
    assert 'name="card_url"' in operator.post(url("tray"), {"use": "moments", "open": "link"}).content.decode()

    values = {
        "use": "moments",
        "add": "link",
        "card_title": "新茶",
        "card_url": "https://a.example",
        "cover": picture(),
    }
    (item,) = operator.post(url("tray"), values).context["tray"].items

    assert (item["kind"], item["title"], item["url"]) == ("link", "新茶", "https://a.example")
    assert item["material"] == Material.objects.get().pk


def test_a_post_that_was_handed_over_shows_what_became_of_it(operator):
    lin = member()
    plan = planned(senders=[lin])
    published(plan, lin)

    page = operator.get(url("plan", plan.pk)).content.decode()

    assert "每位员工" in page
    assert "小林" in page
    assert 'name="topic"' not in page


def test_an_own_post_is_classified_by_a_click(operator):
    moment = own_post(member(), text="今天店里来了一只猫")

    row = operator.post(url("label", moment.pk), {"kind": "life"}).content.decode()

    assert MomentLabel.objects.get().kind == "life"
    assert "今天店里来了一只猫" in row
    assert operator.get(url("own_posts") + "?label=none").context["page"].rows == []
    assert operator.post(url("label", moment.pk), {"kind": "made up"}).status_code == 200


def test_a_limit_needs_its_source(operator):
    values = {
        "max_selling": 30,
        "window_days": 30,
        "min_posts": 5,
        "max_per_day": 2,
        "valid_from": tonight(),
    }

    assert operator.post(url("mix"), values | {"source": ""}).status_code == 422
    assert operator.post(url("mix"), values | {"source": "例会"}).status_code == 302
    assert FeedLimit.objects.get().max_selling_bp == 3000


def test_a_persona_is_kept_with_its_slots(operator):
    values = {
        "name": "山茶老板", "identity": "茶农", "begins_on": "2026-03-01", "is_active": "on",
        "slots-TOTAL_FORMS": "3", "slots-INITIAL_FORMS": "0", "slots-0-weekday": "0", "slots-0-at": "08:00",
        "slots-0-kind": "life", "slots-0-topic": "茶园日记", "slots-1-weekday": "", "slots-2-weekday": "",
    }  # fmt: skip
    assert operator.post(url("new_persona"), values).status_code == 302

    persona = Persona.objects.get()
    assert [slot.topic for slot in persona.slots.all()] == ["茶园日记"]
    operator.post(url("confirm_persona", persona.pk))
    assert Persona.objects.get().open_feed_checked_on
    slot = persona.slots.get()
    form = operator.get(url("new_plan") + f"?day=2026-12-07&slot={slot.pk}").context["form"]
    assert (form["topic"].value(), form["kind"].value()) == ("茶园日记", "life")


@pytest.mark.parametrize("query", ["day=x", "slot=999", "persona=x", "slot=99999999999999999999", "day=0001-01-01"])
def test_a_new_post_for_a_day_that_somebody_made_up_is_just_new(operator, query):
    assert operator.get(url("new_plan") + "?" + query).status_code == 200


def test_answers_are_written_marked_brought_and_removed(operator):
    values = {"title": "问价格", "group": "售前", "text": "{{称呼|您}}好", "keywords": "多少钱，价格", "fits": "anyone"}
    assert operator.post(url("new_reply"), values | {"text": "{{x|}}"}).status_code == 422
    operator.post(url("new_reply"), values)
    one = QuickReply.objects.get()
    assert one.keywords == ["多少钱", "价格"]

    operator.post(url("favour_reply", one.pk), {"on": "1"})
    assert [row.pk for row in operator.get(url("replies") + "?mine=1").context["page"]] == [one.pk]

    bad = SimpleUploadedFile("a.csv", "标题,话术,分组\nx,{{,y\n".encode())
    assert "第 2 行" in operator.post(url("reply_file"), {"file": bad}).content.decode()
    operator.post(url("start_replies"))
    assert QuickReply.objects.count() > 30

    operator.post(url("delete_reply", one.pk))
    assert not QuickReply.objects.filter(pk=one.pk).exists()


def test_last_month_is_copied_from_the_page(operator):
    planned(planned_at=days(1), senders=[member()])

    operator.post(url("copy_month"), {"month": "2026-04"})

    assert MomentPlan.objects.filter(state="draft").count() == 1


def test_a_draft_is_taken_back_and_removed(operator):
    lin = member()
    plan = planned(senders=[lin])
    operator.post(url("unschedule_plan", plan.pk))
    assert MomentPlan.objects.get().state == "draft"

    operator.post(url("delete_plan", plan.pk))
    assert not MomentPlan.objects.exists()


def test_who_may_only_look_sees_no_editor(client):
    plan = draft(senders=[member()])
    client.force_login(allowed("view_momentplan"))

    assert 'name="topic"' not in client.get(url("plan", plan.pk)).content.decode()
    assert client.post(url("plan", plan.pk), given()).status_code in (200, 403)
    plan.refresh_from_db()
    assert plan.topic == "清晨的茶园"


def test_a_message_for_wecom_is_written_with_its_attachments(operator):
    material = services.keep_material(picture(), "op")
    values = {
        "name": "上新", "link": "convert", "channel_kind": "wecom_mass", "body": "{{brand}}上新了", "subject": "",
        "attachment": json.dumps({"kind": "image", "material": material.pk}),
    }  # fmt: skip
    assert operator.post(reverse("content:new"), values).status_code == 302

    page = operator.post(reverse("content:preview"), values).content.decode()
    assert url("material", material.pk) in page
    refused = operator.post(reverse("content:preview"), values | {"body": "{{称呼|您}}"}).content.decode()
    assert "人人相同" in refused


def test_a_post_of_many_names_the_first_and_counts_all(operator):
    staff = [member(f"s{number}", f"员{number}") for number in range(5)]
    moment = own_post(staff[0])
    for one in staff[1:]:
        moment.posts.create(staff=one)

    page = operator.get(url("own_posts")).content.decode()

    assert "员0、员1、员2 等 5 人" in page
    assert "员3" not in page.split("<tbody>")[1]


def test_the_mix_shows_who_sells_most_first_and_all_when_asked(operator, monkeypatch):
    monkeypatch.setattr(moments, "_FEEDS", 1)
    own_post(member("a", "卖货的"), at=time.now(), kind="goods")
    own_post(member("b", "讲解的"), at=time.now(), kind="life")

    assert [feed.name for feed in operator.get(url("mix")).context["feeds"]] == ["卖货的"]
    assert len(operator.get(url("mix") + "?all=1").context["feeds"]) == 2
