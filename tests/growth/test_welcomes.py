"""What a new friend reads first: by hour, weekday and relation, in one query."""

from datetime import timedelta

import pytest

from homeground.growth.errors import BadWelcome
from homeground.growth.models import WelcomePicture
from homeground.growth.services import pictures, welcomes
from homeground.people.models import Customer
from homeground.people.services import set_brand
from homeground.wecom.services.welcome import Asked, chosen
from tests.growth import world
from tests.growth.world import NOON, make_contact, make_customer, make_door, make_staff, welcome

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def ann(db):
    return make_staff("Ann")


def asked(door=None, at=NOON, external_userid="wm-unknown"):
    return Asked("ann", external_userid, door.token if door else "", at)


def test_the_first_that_fits_hour_and_weekday_is_said(ann, django_assert_num_queries):
    night = welcome("夜里好", start_minute=22 * 60, end_minute=8 * 60)
    weekend = welcome("周末好", weekdays=(5, 6))
    door = make_door(staff_ids=(ann.pk,), welcomes=(night, weekend, welcome("平日好")))

    with django_assert_num_queries(1):
        assert chosen(asked(door)).text == "平日好"
    assert chosen(asked(door, NOON + timedelta(hours=11))).text == "夜里好"
    assert chosen(asked(door, NOON + timedelta(days=4))).text == "周末好"


def test_hours_are_hours_of_the_brand(ann):
    door = make_door(staff_ids=(ann.pk,), welcomes=(welcome("早", end_minute=720), welcome("晚", start_minute=720)))
    set_brand(name="店", time_zone="America/New_York", currency="USD")

    assert chosen(asked(door)).text == "早"


def test_places_are_filled_and_have_their_fallback(ann):
    set_brand(name="山茶", time_zone="Asia/Shanghai", currency="CNY")
    known = make_contact(make_customer(), "小 明\nhttp://x")
    door = make_door(staff_ids=(ann.pk,), welcomes=(welcome("{{称呼|朋友}}，我是{{品牌}}的{{员工}}"),))

    assert chosen(asked(door)).text == "朋友，我是山茶的Ann"
    assert chosen(asked(door, external_userid=known.external_userid)).text == "小 明 http x，我是山茶的Ann"


def test_the_notice_is_told_with_the_welcome_and_alone_where_there_is_none(ann):
    door = make_door(staff_ids=(ann.pk,), welcomes=(welcome("你好"),), consent_notice="添加即同意")
    bare = make_door(name="光", staff_ids=(ann.pk,), consent_notice="添加即同意")

    assert chosen(asked(door)).text == "你好\n\n添加即同意"
    assert chosen(asked(bare)).text == "添加即同意"


def test_a_strong_relation_is_led_elsewhere_than_a_weak_one(ann):
    strong = welcome("进老客群", relation="strong", attachment="link", title="老客群", url="https://a.cn/g/1")
    door = make_door(staff_ids=(ann.pk,), welcomes=(strong, welcome("关注公众号", relation="weak")))
    regular = make_contact(make_customer(relation="two_way"))

    assert chosen(asked(door)).text == "关注公众号"
    message = chosen(asked(door, external_userid=regular.external_userid))
    assert message.attachments == ({"msgtype": "link", "link": {"title": "老客群", "url": "https://a.cn/g/1"}},)


def test_friends_who_came_through_no_door_hear_the_default_or_nothing(ann):
    assert chosen(asked()) is None

    welcomes.save_default_welcomes([welcome("欢迎")])
    door = make_door(staff_ids=(ann.pk,), welcomes=(welcome("夜", start_minute=0, end_minute=60),))

    assert chosen(asked()).text == "欢迎"
    assert chosen(asked(door)).text == "欢迎"


def test_a_retired_door_says_nothing_of_its_own(ann):
    door = make_door(staff_ids=(ann.pk,), welcomes=(welcome("你好"),))
    world.doors.retire_door(door.pk, by="店长", at=NOON)

    assert chosen(asked(door)) is None


def test_pictures_are_uploaded_once_and_covers_again_before_they_expire(platform, ann):
    picture = welcomes.keep_picture("封面.png", "image/png", PNG)
    card = welcome("看", attachment="miniprogram", title="商城", url="pages/index", appid="wx1", picture_id=picture.pk)
    door = make_door(staff_ids=(ann.pk,), welcomes=(card,))
    assert chosen(asked(door)).attachments == ()

    assert pictures.upload_pictures(NOON) == 1
    assert pictures.upload_pictures(NOON + timedelta(days=1)) == 0
    first = WelcomePicture.objects.get().media_id
    assert pictures.upload_pictures(NOON + timedelta(days=2)) == 1

    uploaded = WelcomePicture.objects.get()
    assert uploaded.media_id != first
    assert len(platform.asked("uploadimg")) == 1
    [attachment] = chosen(asked(door)).attachments
    assert attachment["miniprogram"]["pic_media_id"] == uploaded.media_id


def test_a_picture_that_the_platform_refuses_says_why_and_the_words_go_out_all_the_same(platform, ann):
    picture = welcomes.keep_picture("图.png", "image/png", PNG)
    door = make_door(staff_ids=(ann.pk,), welcomes=(welcome("看", attachment="image", picture_id=picture.pk),))
    platform.refuse("uploadimg", 40009)

    pictures.upload_pictures(NOON)

    assert "40009" in WelcomePicture.objects.get().error
    assert chosen(asked(door)).text == "看"
    pictures.upload_pictures(NOON)
    assert chosen(asked(door)).attachments == (
        {"msgtype": "image", "image": {"pic_url": "https://wework.qpic.cn/wwpic/1"}},
    )


@pytest.mark.parametrize("body", [b"", b"<svg/>", b"\x89PNG" + b"0" * (2 * 1024 * 1024)])
def test_a_picture_that_cannot_be_sent_is_refused(db, body):
    with pytest.raises(BadWelcome):
        welcomes.keep_picture("图.png", "image/png", body)

    assert not WelcomePicture.objects.exists()
    assert not Customer.objects.exists()
