"""Who follows whom, remarks and tags."""

import pytest

from homeground.sandbox.models import CorpCallback, Friendship, Tag
from homeground.sandbox.services.wecom import clock, corp
from tests.sandbox.wecom.corp import ago, befriend, make_contact, make_member, make_strategy, make_tags

BATCH = "externalcontact/batch/get_by_user"


def ids_of(answer) -> list[str]:
    return [one["external_contact"]["external_userid"] for one in answer["external_contact_list"]]


def test_only_members_in_range_with_the_feature_are_named(caller, zhang):
    make_member("hidden", is_visible=False)
    make_member("without", has_contact=False)
    make_member("gone", resigned_at=clock.now())
    assert caller.get("externalcontact/get_follow_user_list")["follow_user"] == ["ZhangSan"]


@pytest.mark.parametrize(
    ("userid", "code"), [("nobody", 60111), ("hidden", 60021), ("without", 84074), ("ZhangSan", 84061)]
)
def test_a_list_that_cannot_be_given_says_why(caller, zhang, userid, code):
    make_member("hidden", is_visible=False)
    make_member("without", has_contact=False)
    assert caller.get("externalcontact/list", userid=userid)["errcode"] == code


def test_ended_friendships_are_in_no_list(caller, zhang):
    tie = befriend(zhang)
    Friendship.objects.filter(pk=tie.pk).update(ended_at=clock.now(), ending="by_customer")
    assert caller.get("externalcontact/list", userid="ZhangSan")["errcode"] == 84061
    assert caller.get("externalcontact/get", external_userid=tie.contact.external_userid)["errcode"] == 84061
    assert caller.post(BATCH, userid_list=["ZhangSan"])["external_contact_list"] == []


def test_details_name_every_follower_in_range(caller, zhang, li):
    contact = make_contact()
    befriend(zhang, contact, state="店A", remark="王姐", personal_tags=["宝妈"])
    befriend(li, contact)
    befriend(make_member("hidden", is_visible=False), contact)
    found = caller.get("externalcontact/get", external_userid=contact.external_userid)
    assert [one["userid"] for one in found["follow_user"]] == ["ZhangSan", "lisi"]
    assert found["follow_user"][0]["tags"] == [{"group_name": "", "tag_name": "宝妈", "type": 2}]
    assert "state" not in found["follow_user"][1]
    assert "next_cursor" not in found


def test_the_unionid_needs_a_bound_developer(caller, zhang):
    contact = befriend(zhang).contact
    read = lambda: caller.get("externalcontact/get", external_userid=contact.external_userid)["external_contact"]  # noqa: E731
    assert read()["unionid"] == contact.unionid
    corp.change(is_developer_bound=False)
    assert "unionid" not in read()


def test_more_than_500_followers_come_in_pages(caller, corp):
    contact = make_contact()
    for number in range(501):
        befriend(make_member(f"m{number}"), contact)
    first = caller.get("externalcontact/get", external_userid=contact.external_userid)
    rest = caller.get("externalcontact/get", external_userid=contact.external_userid, cursor=first["next_cursor"])
    assert (len(first["follow_user"]), len(rest["follow_user"])) == (500, 1)
    assert "next_cursor" not in rest


def test_a_batch_goes_through_all_members_page_by_page(caller, zhang, li):
    ties = [befriend(member) for member in (zhang, li, zhang)]
    seen, cursor = [], ""
    while True:
        page = caller.post(BATCH, userid_list=["lisi", "zhangsan"], limit=1, cursor=cursor)
        seen += ids_of(page)
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert sorted(seen) == sorted(tie.contact.external_userid for tie in ties)
    assert page["fail_info"] == {"unlicensed_userid_list": []}


def test_a_page_stays_where_it_was_while_rows_come_and_go(caller, zhang):
    first, second, third = (befriend(zhang) for _ in range(3))
    page = caller.post(BATCH, userid_list=["ZhangSan"], limit=1)
    first.delete()
    befriend(zhang)
    rest = caller.post(BATCH, userid_list=["ZhangSan"], limit=2, cursor=page["next_cursor"])
    assert ids_of(rest) == [second.contact.external_userid, third.contact.external_userid]


def test_batches_have_their_limits(caller, zhang):
    befriend(zhang)
    assert caller.post(BATCH, userid_list=[f"u{number}" for number in range(101)])["errcode"] == 40032
    assert caller.post(BATCH)["errcode"] == 41009
    assert len(ids_of(caller.post(BATCH, userid="ZhangSan", limit=5000))) == 1
    assert caller.post(BATCH, userid_list=["ZhangSan"], cursor="nonsense")["errcode"] == 50100


def test_without_any_licence_there_is_nothing_to_read(caller, zhang, li):
    zhang.is_licensed = False
    zhang.save()
    befriend(li)
    assert caller.post(BATCH, userid_list=["ZhangSan"])["errcode"] == 701008
    both = caller.post(BATCH, userid_list=["ZhangSan", "lisi"])
    assert both["fail_info"]["unlicensed_userid_list"] == ["ZhangSan"]


def test_a_remark_changes_only_what_is_given(caller, zhang):
    tie = befriend(zhang, remark="旧", description="旧")
    who = {"userid": "ZhangSan", "external_userid": tie.contact.external_userid}
    assert caller.post("externalcontact/remark", **who, remark="新" * 20)["errcode"] == 0
    tie.refresh_from_db()
    assert (tie.remark, tie.description) == ("新" * 20, "旧")
    assert caller.post("externalcontact/remark", **who, remark="新" * 21)["errcode"] == 40058
    assert caller.post("externalcontact/remark", **who)["errcode"] == 40058
    caller.post("externalcontact/remark", **who, remark_mobiles=["13800000000"])
    caller.post("externalcontact/remark", **who, remark_mobiles=[""])
    tie.refresh_from_db()
    assert tie.remark_mobiles == []


def test_who_does_not_follow_cannot_write(caller, zhang, li):
    tie = befriend(zhang)
    stranger = make_contact()
    outside = tie.contact.external_userid
    write = lambda userid, whom: caller.post("externalcontact/remark", userid=userid, external_userid=whom, remark="x")  # noqa: E731
    assert write("lisi", outside)["errcode"] == 84084
    assert write("lisi", stranger.external_userid)["errcode"] == 84061
    assert write("lisi", "wmNobody")["errcode"] == 40096


def test_marking_tells_nobody_unless_a_test_asks(caller, zhang):
    tie, tags = befriend(zhang), make_tags("高", "低")
    who = {"userid": "ZhangSan", "external_userid": tie.contact.external_userid}
    caller.post("externalcontact/mark_tag", **who, add_tag=[tags[0].tag_id, tags[1].tag_id], remove_tag=[])
    caller.post("externalcontact/mark_tag", **who, add_tag=[], remove_tag=[tags[0].tag_id])
    tie.refresh_from_db()
    assert tie.tag_ids == [tags[1].tag_id]
    assert not CorpCallback.objects.exists()
    corp.change(tells_of_api_actions=True)
    caller.post("externalcontact/mark_tag", **who, add_tag=[tags[0].tag_id])
    assert CorpCallback.objects.get().name == "change_external_contact.edit_external_contact"


def test_marking_wants_known_tags_and_some(caller, zhang):
    tie = befriend(zhang)
    who = {"userid": "ZhangSan", "external_userid": tie.contact.external_userid}
    assert caller.post("externalcontact/mark_tag", **who, add_tag=["etNone"])["errcode"] == 40068
    assert caller.post("externalcontact/mark_tag", **who, add_tag=[], remove_tag=[])["errcode"] == 40058


def add(caller, group: str, *names: str, **more):
    return caller.post("externalcontact/add_corp_tag", group_name=group, tag=[{"name": name} for name in names], **more)


def test_tags_join_the_group_of_that_name_and_only_new_ones_are_shown(caller):
    first = add(caller, "意向", "高", "高")["tag_group"]
    second = add(caller, "意向", "低")["tag_group"]
    assert first["group_id"] == second["group_id"]
    assert [tag["name"] for tag in first["tag"]] == ["高"]
    assert [tag["name"] for tag in second["tag"]] == ["低"]
    by_id = caller.post(
        "externalcontact/add_corp_tag", group_id=first["group_id"], group_name="别的", tag=[{"name": "中"}]
    )
    assert by_id["tag_group"]["group_name"] == "意向"


def test_higher_order_comes_first(caller):
    tags = [{"name": "甲", "order": 1}, {"name": "乙", "order": 4_294_967_295}]
    caller.post("externalcontact/add_corp_tag", group_name="a", order=1, tag=tags)
    add(caller, "b", "丙", order=9)
    groups = caller.post("externalcontact/get_corp_tag_list")["tag_group"]
    assert [group["group_name"] for group in groups] == ["b", "a"]
    assert [tag["name"] for tag in groups[1]["tag"]] == ["乙", "甲"]


def test_tag_names_have_limits_and_are_once_in_a_group(caller):
    assert add(caller, "意" * 31, "高")["errcode"] == 40072
    assert add(caller, "意", "高" * 31)["errcode"] == 40072
    assert add(caller, "意")["errcode"] == 40063
    made = add(caller, "意", "高", "低")["tag_group"]["tag"]
    assert add(caller, "意", "高")["errcode"] == 40071
    assert caller.post("externalcontact/edit_corp_tag", id=made[0]["id"], name="低")["errcode"] == 40071
    assert caller.post("externalcontact/edit_corp_tag", id="etNone", name="x")["errcode"] == 40068


def test_a_deleted_tag_leaves_customers_and_an_empty_group_goes(caller, zhang):
    made = add(caller, "意向", "高", "低")["tag_group"]
    first, second = (tag["id"] for tag in made["tag"])
    tie = befriend(zhang, tag_ids=[first, second])
    caller.post("externalcontact/del_corp_tag", tag_id=[first])
    tie.refresh_from_db()
    assert tie.tag_ids == [second]
    caller.post("externalcontact/del_corp_tag", tag_id=[second])
    assert caller.post("externalcontact/get_corp_tag_list")["tag_group"] == []
    asked = caller.post("externalcontact/get_corp_tag_list", tag_id=[first])["tag_group"][0]
    assert (asked["deleted"], asked["tag"][0]["deleted"]) == (True, True)
    assert add(caller, "意向", "高")["errcode"] == 0


def test_an_app_changes_only_its_own_tags(caller):
    tag = make_tags("高", app="")[0]
    assert caller.post("externalcontact/edit_corp_tag", id=tag.tag_id, name="x")["errcode"] == 301002
    assert caller.post("externalcontact/del_corp_tag", tag_id=[tag.tag_id])["errcode"] == 301002
    assert not Tag.objects.get().is_deleted


def test_rule_group_tags_stand_apart(caller, zhang):
    one = [{"name": "高"}]
    group = make_strategy(caller)
    made = caller.post("externalcontact/add_strategy_tag", strategy_id=group, group_name="意向", tag=one)["tag_group"]
    assert caller.post("externalcontact/get_corp_tag_list")["tag_group"] == []
    shown = caller.post("externalcontact/get_strategy_tag_list", strategy_id=group)["tag_group"]
    assert shown[0]["strategy_id"] == group
    tie = befriend(zhang, at=ago(days=1))
    who = {"userid": "ZhangSan", "external_userid": tie.contact.external_userid}
    assert caller.post("externalcontact/mark_tag", **who, add_tag=[made["tag"][0]["id"]])["errcode"] == 0
    found = caller.get("externalcontact/get", external_userid=tie.contact.external_userid)
    assert found["follow_user"][0]["tags"][0]["type"] == 3
    assert caller.post("externalcontact/del_strategy_tag", group_id=[made["group_id"]])["errcode"] == 0
