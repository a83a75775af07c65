"""Rule groups: whose customers the admins of a group see."""

import pytest

from homeground.sandbox.models import Strategy, Tag
from tests.sandbox.wecom.corp import make_department, make_member, make_strategy

AT = "externalcontact/customer_strategy/"


@pytest.fixture
def staff(caller, zhang) -> None:
    """Two departments, one below the other, with a member each besides ZhangSan."""
    make_department(1)
    make_department(2, parent=1)
    make_member("li", departments=[2])
    make_member("wang", departments=[1])


def test_a_group_is_made_read_changed_and_deleted(caller, staff):
    made = make_strategy(caller)
    shown = caller.post(f"{AT}get", strategy_id=made)["strategy"]
    assert (shown["parent_id"], shown["strategy_name"], shown["admin_list"]) == (0, "华东", ["ZhangSan"])
    assert shown["privilege"]["view_customer_list"]
    assert not shown["privilege"]["send_group_msg"]

    given = {
        "strategy_name": "华南",
        "admin_list": ["li"],
        "privilege": {"view_customer_list": False, "rapid_reply": True},
    }
    added = [{"type": 2, "partyid": 2}]
    removed = [{"type": 1, "userid": "zhangsan"}]
    assert caller.post(f"{AT}edit", strategy_id=made, range_add=added, range_del=removed, **given)["errcode"] == 0
    shown = caller.post(f"{AT}get", strategy_id=made)["strategy"]
    assert (shown["strategy_name"], shown["admin_list"]) == ("华南", ["li"])
    assert shown["privilege"]["view_customer_list"]  # Basic: cannot be switched off.
    assert shown["privilege"]["rapid_reply"]
    assert caller.post(f"{AT}get_range", strategy_id=made)["range"] == added

    tag = {"group_name": "意向", "tag": [{"name": "高"}]}
    caller.post("externalcontact/add_strategy_tag", strategy_id=made, **tag)
    assert caller.post(f"{AT}del", strategy_id=made)["errcode"] == 0
    assert caller.post(f"{AT}list")["strategy"] == []
    assert not Tag.objects.filter(is_deleted=False).exists()


def test_groups_and_their_range_come_in_pages(caller, staff):
    made = [make_strategy(caller, "ZhangSan", "li", "wang"), make_strategy(caller)]

    page = caller.post(f"{AT}list", limit=1)
    rest = caller.post(f"{AT}list", limit=1, cursor=page["next_cursor"])
    assert [one["strategy_id"] for one in page["strategy"] + rest["strategy"]] == made
    assert "next_cursor" not in rest

    first = caller.post(f"{AT}get_range", strategy_id=made[0], limit=2)
    second = caller.post(f"{AT}get_range", strategy_id=made[0], limit=2, cursor=first["next_cursor"])
    assert [node["userid"] for node in first["range"] + second["range"]] == ["ZhangSan", "li", "wang"]
    assert caller.post(f"{AT}get_range", strategy_id=made[1], cursor=first["next_cursor"])["errcode"] == 60268


def test_below_another_it_lies_within_and_has_its_privileges(caller, staff):
    top = make_strategy(caller, "ZhangSan", "li")
    below = make_strategy(caller, "li", parent=top)
    reach = [{"type": 1, "userid": "wang"}]
    said = {"strategy_name": "x", "admin_list": ["li"], "parent_id": top, "range": reach}
    assert caller.post(f"{AT}create", **said)["errcode"] == 40058

    caller.post(f"{AT}edit", strategy_id=top, privilege={"send_customer_msg": True})
    caller.post(f"{AT}edit", strategy_id=below, privilege={"send_customer_msg": False})
    assert caller.post(f"{AT}get", strategy_id=below)["strategy"]["privilege"]["send_customer_msg"]

    caller.post(f"{AT}edit", strategy_id=top, range_del=[{"type": 1, "userid": "li"}])
    assert caller.post(f"{AT}get_range", strategy_id=below)["range"] == []
    assert caller.post("externalcontact/add_strategy_tag", strategy_id=below, group_name="意向", tag=[{"name": "高"}])[
        "errcode"
    ] == 40058  # fmt: skip


def test_the_sixth_level_is_too_deep(caller, staff):
    parent = 0
    for _level in range(5):
        parent = make_strategy(caller, parent=parent)

    said = {
        "strategy_name": "x",
        "admin_list": ["li"],
        "parent_id": parent,
        "range": [{"type": 1, "userid": "ZhangSan"}],
    }
    assert caller.post(f"{AT}create", **said)["errcode"] == 40058
    assert Strategy.objects.count() == 5


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"strategy_name": ""}, 40058),
        ({"admin_list": ["nobody"]}, 60111),
        ({"admin_list": ["li"] * 21 + [str(number) for number in range(21)]}, 40058),
        ({"range": []}, 40058),
        ({"range": [{"type": 3}]}, 40058),
        ({"range": [{"type": 1, "userid": "nobody"}]}, 60111),
        ({"range": [{"type": 2, "partyid": 99}]}, 60123),
        ({"parent_id": 99}, 40058),
    ],
)
def test_a_group_that_cannot_be_made_says_why(caller, staff, change, code):
    said = {"strategy_name": "x", "admin_list": ["li"], "range": [{"type": 1, "userid": "li"}]}
    assert caller.post(f"{AT}create", **said | change)["errcode"] == code
    assert not Strategy.objects.exists()
