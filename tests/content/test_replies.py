import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection

from homeground.content import queries, services
from homeground.content.errors import BadPlaceholder, BadReply, BadReplyFile, NameTaken
from homeground.content.models import FavouriteReply, QuickReply, ReplyUse
from homeground.content.queries import ReplyFacts
from homeground.content.services.reply_files import STARTERS
from homeground.people.models import Customer
from tests.content.world import member

pytestmark = pytest.mark.django_db


def reply(title="问价格", text="{{称呼|您}}好，现在是 99 元", group="售前", **more):
    return services.save_reply(QuickReply(title=title, text=text, group=group, **more))


def titles(found):
    return [one.reply.title for one in found]


def test_what_the_customer_asks_comes_first_with_its_reason():
    reply(keywords=["多少钱"])
    reply("退款", keywords=["退款"])
    reply("退款进度", keywords=["退款进度"])
    reply("老客户问候", fits="bought")

    found = queries.suggested(ReplyFacts("two_way", has_bought=True), "我的退款进度怎么样了")

    assert titles(found) == ["退款进度", "退款", "老客户问候"]
    assert found[0].reasons == ["客户提到“退款进度”"]
    assert found[2].reasons == ["适合已消费的客户"]


def test_what_is_meant_for_others_is_left_out():
    reply("老客户", keywords=["你好"], fits="bought")
    reply("多边", keywords=["你好"], relations=["many_way"])
    reply("不限", keywords=["你好"])

    assert titles(queries.suggested(ReplyFacts("none", has_bought=False), "你好")) == ["不限"]


def test_favourites_and_use_lift_an_answer():
    user = User.objects.create_user("op", password="x")
    first, second = reply("一", keywords=["你好"]), reply("二", keywords=["你好"])
    assert titles(queries.suggested(ReplyFacts(), "你好")) == ["一", "二"]

    services.set_favourite(second.pk, user, is_favourite=True)
    services.set_favourite(second.pk, user, is_favourite=True)

    assert titles(queries.suggested(ReplyFacts(), "你好", user=user)) == ["二", "一"]
    services.set_favourite(second.pk, user, is_favourite=False)
    for _time in range(20):
        services.note_use(first.pk)
    assert "同事常用" in queries.suggested(ReplyFacts(), "你好", user=user)[0].reasons
    assert not FavouriteReply.objects.exists()


@pytest.mark.parametrize(
    ("words", "found"), [("价", ["问价格"]), ("现在是", ["问价格"]), ("PRICE", ["问价格"]), ("查无", [])]
)
def test_an_answer_is_found_by_title_words_and_questions(words, found):
    reply(keywords=["PRICE"])
    reply("别的", "别的话")

    assert [one.title for one in queries.replies_matching(words)] == found


def test_it_is_filled_for_the_person_and_its_link_added():
    customer = Customer.objects.create(name="小林")
    absorbed = Customer.objects.create(merged_into=customer)

    text = services.fill_reply(reply(url="https://a.example/p"), absorbed.pk)

    assert text == "小林好，现在是 99 元\nhttps://a.example/p"


def test_uses_are_counted_with_who_and_for_whom():
    lin, customer, one = member(), Customer.objects.create(), reply()

    services.note_use(one.pk, staff_id=lin.pk, customer_id=customer.pk)
    services.note_use(10**9)

    use = ReplyUse.objects.get()
    assert (use.staff, use.customer, QuickReply.objects.get().uses) == (lin, customer, 1)


@pytest.mark.django_db(transaction=True)
def test_no_use_is_lost_when_many_take_it_at_once():
    one = reply()

    def use(_count):
        try:
            services.note_use(one.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(use, range(30)))

    assert QuickReply.objects.get().uses == ReplyUse.objects.count() == 30


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"text": "{{nmae|您}}"}, BadPlaceholder),
        ({"text": " "}, BadReply),
        ({"text": "a\x00"}, BadReply),
        ({"group": ""}, BadReply),
        ({"text": "茶" * 2001}, BadReply),
        ({"keywords": ["茶" * 21]}, BadReply),
        ({"url": "javascript:alert(1)"}, BadReply),
    ],
)
def test_an_answer_that_cannot_be_kept_is_refused(change, refusal):
    with pytest.raises(refusal):
        reply(**change)

    assert not QuickReply.objects.exists()


def test_a_title_is_used_once():
    reply()

    with pytest.raises(NameTaken):
        reply()


CSV = "标题,话术,分组,问法,适合,关系,链接\n问价格,99 元,售前,多少钱、价格,未消费,单边关系,https://a.example\n问用法,看说明,售后,,,,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_taken_in_and_a_repeat_changes_nothing(encoding):
    content = CSV.encode(encoding)

    done, again = services.import_replies(content), services.import_replies(content)
    changed = services.import_replies(CSV.replace("99 元", "88 元").encode(encoding))

    assert [(one.added, one.changed) for one in (done, again, changed)] == [(2, 0), (0, 0), (0, 1)]
    one = QuickReply.objects.get(title="问价格")
    assert (one.keywords, one.fits, one.relations, one.text) == (["多少钱", "价格"], "not_bought", ["one_way"], "88 元")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (CSV + "坏的,{{x|}},售前,,,,\n", "第 4 行"),
        (CSV + "坏的,y,售前,,谁都行,,\n", "第 4 行"),
        ("a,b\n1,2\n", "第一行要有"),
        ("", "第一行要有"),
        ('标题,话术,分组\n"没有,完,\n', "第 2 行"),
    ],
)
def test_one_bad_line_and_nothing_is_taken(content, told):
    with pytest.raises(BadReplyFile, match=told):
        services.import_replies(content.encode())

    assert not QuickReply.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x81", b"x" * (2 * 1024 * 1024 + 1), b"\x00,\x00\n"])
def test_what_is_no_file_of_answers_is_refused(content):
    with pytest.raises(BadReplyFile):
        services.import_replies(content)


def test_the_set_that_we_bring_leaves_what_was_changed_alone():
    reply(json.loads(STARTERS.read_text())[0]["title"], "我们自己的话", "我们的分组")

    done = services.install_starters()

    assert done.added >= 30
    assert services.install_starters().added == 0
    assert QuickReply.objects.filter(text="我们自己的话").exists()


def test_the_set_that_we_bring_answers_common_questions():
    services.install_starters()
    asked = {
        "这个多少钱": "问价格",
        "太贵了": "嫌贵",
        "我要退款": "申请退款：先了解再办",
        "怎么不回我": "等太久了：致歉",
        "孕妇可以用吗": "转给专家解答",
        "别发了，烦": "客户不想被打扰",
    }

    for words, title in asked.items():
        found = queries.suggested(ReplyFacts("two_way", has_bought=title.startswith("申请")), words)
        assert titles(found)[0] == title, words
