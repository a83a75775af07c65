"""Members and departments: user/get, lists, departments."""

from typing import Any

from homeground.sandbox.models import Department, Member
from homeground.sandbox.services.wecom import staff
from homeground.sandbox.services.wecom.fields import Given, number, text
from homeground.sandbox.services.wecom.registry import Answer, Caller, get

_DEPARTMENT = number("department_id", needed=60123)
_WITH_CHILDREN = number("fetch_child", among=(0, 1), default=0)


@get("user/get", text("userid", needed=41009, wrong=40003))
def member(caller: Caller, given: Given) -> Answer:
    """One member in range."""
    return _details(staff.member(given["userid"]), caller)


@get("user/simplelist", _DEPARTMENT, _WITH_CHILDREN)
def names(_caller: Caller, given: Given) -> Answer:
    """Who is in a department, by name."""
    return {"userlist": [_name(one) for one in _of_department(given)]}


@get("user/list", _DEPARTMENT, _WITH_CHILDREN)
def members(caller: Caller, given: Given) -> Answer:
    """Who is in a department, in full."""
    return {"userlist": [_details(one, caller) for one in _of_department(given)]}


@get("department/list", number("id"))
def departments(_caller: Caller, given: Given) -> Answer:
    """All departments, or one with those below it."""
    rows = Department.objects.order_by("number")
    if given["id"]:
        rows = rows.filter(number__in=staff.with_children([given["id"]]))
    return {
        "department": [
            {"id": row.number, "name": row.name, "parentid": row.parent, "order": row.number} for row in rows
        ]
    }


def _of_department(given: Given) -> list[Member]:
    wanted = [given["department_id"]]
    numbers = staff.with_children(wanted)
    return list(staff.visible().filter(departments__overlap=numbers if given["fetch_child"] else wanted).order_by("pk"))


def _name(one: Member) -> dict[str, Any]:
    return {"userid": one.userid, "name": one.name, "department": one.departments}


def _details(one: Member, caller: Caller) -> dict[str, Any]:
    return {
        **_name(one),
        "position": one.position,
        "mobile": one.mobile,
        "gender": str(one.gender),
        "email": one.email,
        "avatar": one.avatar,
        "status": 1 if one.is_active else 4,
        "isleader": 0,
        "main_department": one.departments[0] if one.departments else 1,
        "qr_code": f"{caller.base}qr/{one.userid}",
    }
