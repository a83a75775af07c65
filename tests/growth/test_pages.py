from datetime import time as clock

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from homeground.console.roles import install_roles
from homeground.growth.models import Door, DoorChange, DoorOpening, Source, SourceCost, Welcome, WelcomePicture
from homeground.growth.services import arrivals, doors, placing
from homeground.ingest.services.tokens import create_token
from tests.growth import world
from tests.growth.test_welcomes import PNG
from tests.growth.world import NOON, make_door, make_group, make_source, make_staff, shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db):
    return make_staff("Ann")


@pytest.fixture
def owner(client):
    client.force_login(User.objects.create_superuser("owner", password="x"))
    return client


@pytest.fixture
def operations(client):
    install_roles()
    user = User.objects.create_user("op")
    user.groups.add(Group.objects.get(name="operations"))
    # Whatever the roles say about the rest: switching verification off is the owner's.
    Group.objects.get(name="operations").permissions.remove(Permission.objects.get(codename="allow_unverified"))
    client.force_login(user)
    return client


def filled(ann, **more):
    return {
        "name": "收银台", "source": "", "tags": "门店, 老客", "staff": [ann.pk], "backup": [ann.pk],
        "daily_limit": "30",
        "consent_notice": "添加即同意接收优惠", "order_days": "30", "order_alarm_bp": "2",
        "shift": ["b", "a"],
        "shift-a-staff": [ann.pk], "shift-a-weekdays": ["0", "6"], "shift-a-start": "09:00", "shift-a-end": "18:00",
        "shift-b-staff": [ann.pk], "shift-b-weekdays": ["5"], "shift-b-start": "22:00", "shift-b-end": "00:00",
        "welcome": ["w"], "welcome-w-text": "{{称呼|朋友}}你好",
        "welcome-w-weekdays": ["0", "1", "2", "3", "4", "5", "6"],
        "welcome-w-start": "00:00", "welcome-w-end": "00:00",
    } | more  # fmt: skip


def test_a_live_code_is_made_from_the_form_and_placed(platform, owner, ann):
    answer = owner.post(reverse("growth:new") + "?kind=live_code", filled(ann))

    door = Door.objects.get()
    assert answer.url == reverse("growth:door", args=[door.pk])
    assert (door.tags, door.daily_limit, door.order_alarm_bp, door.sync) == (["门店", "老客"], 30, 200, "placed")
    assert [(one.start_minute, one.end_minute) for one in door.shifts.all()] == [(1320, 1440), (540, 1080)]
    assert owner.get(answer.url).status_code == 200


def test_what_the_form_shows_saves_as_it_was(platform, owner, ann):
    owner.post(reverse("growth:new"), filled(ann))
    door = Door.objects.get()
    page = owner.get(reverse("growth:edit", args=[door.pk]))
    forms = page.context["forms"]

    assert (forms.door["tags"].value(), forms.shifts[0]["end"].value()) == ("门店, 老客", clock(0))
    again = filled(ann)
    owner.post(reverse("growth:edit", args=[door.pk]), again)
    assert DoorChange.objects.count() == 1


def test_a_picture_comes_with_its_welcome(platform, owner, ann):
    file = SimpleUploadedFile("封面.png", PNG, "image/png")
    owner.post(reverse("growth:new"), filled(ann, **{"welcome-w-attachment": "image", "welcome-w-upload": file}))

    picture = WelcomePicture.objects.get()
    assert Welcome.objects.get().picture == picture
    assert picture.url
    assert owner.get(reverse("growth:picture", args=[picture.pk]))["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"backup": []},
        {"shift-a-weekdays": []},
        {"shift-a-end": "09:00"},
        {"shift-a-start": "25:00"},
        {"shift-a-staff": ["999999999999999999999"]},
        {"welcome-w-text": ""},
        {"welcome-w-picture": "77"},
        {"daily_limit": "-1"},
        {"order_alarm_bp": "NaN"},
        {"source": "abc"},
    ],
)
def test_a_form_that_cannot_be_is_shown_again_and_nothing_is_kept(owner, ann, wrong):
    answer = owner.post(reverse("growth:new"), filled(ann, **wrong))

    assert answer.status_code == 422
    assert not Door.objects.exists()


def test_a_group_code_is_made_in_the_order_of_the_page(platform, owner):
    one, other = make_group("1群"), make_group("2群")
    said = {
        "name": "福利群", "order_days": "30", "order_alarm_bp": "2", "group": ["x", "y"],
        "group-x-chat": other.pk, "group-x-limit": "50", "group-y-chat": one.pk, "group-y-limit": "200",
    }  # fmt: skip

    answer = owner.post(reverse("growth:new") + "?kind=group_code", said)

    door = Door.objects.get()
    assert [(place.chat_id, place.limit) for place in door.groups.all()] == [(other.pk, 50), (one.pk, 200)]
    page = owner.get(answer.url).content.decode()
    assert "正在进" in page
    assert "下一个" in page


def test_an_unknown_kind_or_row_is_not_found(owner):
    assert owner.get(reverse("growth:new") + "?kind=x").status_code == 404
    assert owner.get(reverse("growth:row", args=["x"])).status_code == 404
    assert owner.get(reverse("growth:row", args=["shift"])).status_code == 200


def test_verification_is_switched_off_by_the_owner_alone(platform, operations, ann):
    said = filled(ann, skip_verify="on", skip_reason="展会")
    answer = operations.post(reverse("growth:new"), said)
    assert answer.status_code == 422
    assert "负责人" in str(answer.context["forms"].door.non_field_errors())

    operations.force_login(User.objects.create_superuser("boss", password="x"))
    operations.post(reverse("growth:new"), said)
    assert Door.objects.get().skip_by == "boss"
    assert "展会" in operations.get(reverse("growth:door", args=[Door.objects.get().pk])).content.decode()


def test_retire_restore_and_undo_by_buttons(platform, owner, ann):
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk)
    owner.post(reverse("growth:retire", args=[door.pk]))
    assert not platform.things
    owner.post(reverse("growth:undo", args=[DoorChange.objects.get(what="retired").pk]))
    assert platform.things
    assert Door.objects.get().retired_at is None
    owner.post(reverse("growth:undo", args=[DoorChange.objects.get(what="retired").pk]))
    assert Door.objects.get().retired_at is None


def test_a_refused_door_is_tried_again_by_a_button(platform, owner, ann):
    platform.refuse("add_contact_way", 84074)
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk)

    owner.post(reverse("growth:place", args=[door.pk]))

    assert Door.objects.get().sync == "placed"


def test_lists_are_narrowed_and_page_through(owner, ann):
    source = make_source()
    for number in range(23):
        make_door(name=f"门{number}", staff_ids=(ann.pk,), source_id=source.pk)
    retired = make_door(name="旧门", staff_ids=(ann.pk,))
    doors.retire_door(retired.pk, by="店长")

    first = owner.get(reverse("growth:doors"))
    assert len(first.context["rows"]) == 20
    assert owner.get(reverse("growth:doors"), {"q": "门22"}).context["page"].count == 1
    assert owner.get(reverse("growth:doors"), {"kind": "link"}).context["page"].count == 0
    assert owner.get(reverse("growth:doors"), {"stand": "retired"}).context["page"].count == 1
    assert owner.get(reverse("growth:doors"), {"source": source.pk, "stand": "all"}).context["page"].count == 23
    assert owner.get(reverse("growth:doors"), {"source": "x", "stand": "y"}).status_code == 200


def test_codes_are_drawn_for_print(owner, ann):
    door = make_door(staff_ids=(ann.pk,))

    png = owner.get(reverse("growth:code", args=[door.pk, "png"]) + "?download=1")
    svg = owner.get(reverse("growth:code", args=[door.pk, "svg"]))

    assert png.content.startswith(b"\x89PNG")
    assert f"door-{door.token}.png" in png["Content-Disposition"]
    assert b"<svg" in svg.content
    assert owner.get(reverse("growth:code", args=[door.pk, "gif"])).status_code == 404


def test_the_printed_page_shows_the_code_that_works_now_and_counts_a_phone_once_a_day(platform, client, ann):
    door = placing.place_door(make_door(staff_ids=(ann.pk,), consent_notice="添加即同意接收优惠").pk)
    url = f"/g/{door.token}"

    page = client.get(url)
    client.get(url)
    client.get(url, headers={"User-Agent": "Googlebot/2.1"})
    client.head(url)

    assert "添加即同意接收优惠" in page.content.decode()
    assert DoorOpening.objects.get().opened == 1
    code = client.get(f"{url}/code")
    assert (code["Content-Type"], code.content[:4]) == ("image/png", b"\x89PNG")


def test_the_platforms_own_picture_is_shown_from_here(client, ann):
    door = make_door(staff_ids=(ann.pk,))
    Door.objects.update(url="https://p.test/qr", picture=b"\xff\xd8\xff1", sync="placed")

    code = client.get(f"/g/{door.token}/code")

    assert (code["Content-Type"], code.content) == ("image/jpeg", b"\xff\xd8\xff1")


def test_a_link_leads_on_with_the_doors_mark(platform, client, ann):
    door = placing.place_door(make_door(kind="link", staff_ids=(ann.pk,)).pk)

    page = client.get(f"/g/{door.token}").content.decode()

    assert f"https://work.weixin.qq.com/ca/ca1?customer_channel={door.token}" in page


def test_a_closed_or_unknown_door_says_so(client, ann):
    door = make_door(staff_ids=(ann.pk,))
    assert "马上就好" in client.get(f"/g/{door.token}").content.decode()
    doors.retire_door(door.pk, by="店长")

    for token in (door.token, "nothing"):
        answer = client.get(f"/g/{token}")
        assert answer.status_code == 404
        assert "入口已关闭" in answer.content.decode()
        assert client.get(f"/g/{token}/code").status_code == 404
    assert client.get(f"/g/{door.token}", headers={"Accept-Language": "en"}).content.decode().count("入口已关闭") == 0


def test_sources_and_their_costs_by_hand_and_by_file(owner, ann):
    said = {"name": "小红书", "kind": "content", "route": "friend", "sale": "online", "followers": "10000"}
    owner.post(reverse("growth:new_source"), said | {"expected_entry_bp": "10"})
    source = Source.objects.get()
    assert source.expected_entry_bp == 1000
    assert owner.post(reverse("growth:new_source"), said).status_code == 422

    cost = {"from_on": "2026-03-01", "until_on": "2026-03-31", "amount": "100"}
    owner.post(reverse("growth:add_cost", args=[source.pk]), cost)
    assert owner.post(reverse("growth:add_cost", args=[source.pk]), cost).status_code == 422
    file = SimpleUploadedFile("c.csv", "来源,开始日,结束日,金额\n小红书,2026-04-01,2026-04-30,8\n".encode())
    owner.post(reverse("growth:import_costs"), {"file": file})
    assert SourceCost.objects.count() == 2

    page = owner.get(reverse("growth:source", args=[source.pk]))
    assert page.context["alarm"] == "few"
    assert owner.get(reverse("growth:sources"), {"months": "12"}).status_code == 200
    owner.post(reverse("growth:remove_cost", args=[source.pk, SourceCost.objects.first().pk]))
    assert SourceCost.objects.count() == 1


def test_the_default_welcome_is_edited(owner):
    row = {"welcome": ["w"], "welcome-w-weekdays": ["0"], "welcome-w-start": "00:00", "welcome-w-end": "00:00"}

    assert owner.post(reverse("growth:welcome"), row | {"welcome-w-text": "{{谁}}"}).status_code == 422
    owner.post(reverse("growth:welcome"), row | {"welcome-w-text": "欢迎"})
    assert Welcome.objects.get().text == "欢迎"
    owner.post(reverse("growth:welcome"), {})
    assert not Welcome.objects.exists()


def test_a_stranger_may_not(client, ann):
    door, source = make_door(staff_ids=(ann.pk,)), make_source()
    client.force_login(User.objects.create_user("nobody"))
    gets = ["doors", "new", "welcome", "sources", "new_source"]
    looks = [reverse(f"growth:{name}") for name in gets] + [
        reverse("growth:door", args=[door.pk]),
        reverse("growth:edit", args=[door.pk]),
        reverse("growth:code", args=[door.pk, "png"]),
        reverse("growth:quota", args=[door.pk]),
        reverse("growth:source", args=[source.pk]),
        reverse("growth:edit_source", args=[source.pk]),
        reverse("growth:row", args=["shift"]),
    ]
    does = [reverse(f"growth:{name}", args=[door.pk]) for name in ("retire", "restore", "place", "undo")]
    does += [reverse("growth:import_costs"), reverse("growth:add_cost", args=[source.pk])]
    assert {client.get(url).status_code for url in looks} == {403}
    assert {client.post(url).status_code for url in does} == {403}
    client.logout()
    assert {client.get(url).status_code for url in looks} == {302}
    assert Door.objects.get().retired_at is None


def test_the_quota_of_links_is_shown_or_why_not(platform, owner, ann):
    door = make_door(kind="link", staff_ids=(ann.pk,))
    url = reverse("growth:quota", args=[door.pk])
    platform.customer_acquisition_quota = lambda body: {"total": 100, "balance": 7, "quota_list": []}
    assert "快用完了" in owner.get(url).content.decode()

    platform.refuse("customer_acquisition_quota", 41200)
    assert "41200" in owner.get(url).content.decode()


def test_programs_read_doors_and_sources(client, ann):
    source = make_source()
    door = make_door(staff_ids=(ann.pk,), source_id=source.pk, shifts=(shift(ann),), backup_ids=(ann.pk,))
    arrivals.note_arrivals([world.added(world.make_customer(), door, "ann", NOON)])
    headers = {"Authorization": f"Bearer {create_token('bi', ['read'])}"}

    assert client.get("/api/v1/doors", headers=headers).json()["doors"][0]["id"] == door.pk
    found = client.get(f"/api/v1/doors/{door.pk}", headers=headers).json()
    assert found["on_duty"] == ["ann"]
    assert client.get("/api/v1/sources", headers=headers).json()["sources"][0]["name"] == "小红书"
    assert client.get(f"/api/v1/sources/{source.pk}?months=99", headers=headers).json()["total"]["people"] in (0, 1)
    assert client.get("/api/v1/doors/0", headers=headers).status_code == 404
    assert client.get("/api/v1/doors").status_code == 401
