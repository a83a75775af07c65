"""Members of the corp (documents 92571, 90196)."""

from dataclasses import dataclass

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import text, userid, userids


@dataclass(frozen=True)
class Member:
    """One member. department: the name of the main one where the platform gives it, else its number."""

    userid: str
    name: str
    department: str
    position: str
    avatar: str


def follow_users(api: Api) -> list[str]:
    """The members with the customer contact feature in this app's range."""
    return list(userids(api.call("externalcontact/get_follow_user_list").get("follow_user") or []))


def member(api: Api, member_id: str) -> Member:
    """One member's name and place. Raises WeComError 60111 when there is none."""
    found = api.call("user/get", params={"userid": member_id})
    departments = found.get("department") or []
    department = text(found, "department_name") or text(found, "main_department")
    return Member(
        userid(found) or member_id.lower(),
        text(found, "name"),
        department or (str(departments[0]) if departments else ""),
        text(found, "position"),
        text(found, "avatar"),
    )


def department_names(api: Api) -> dict[str, str]:
    """The names of the corp's departments by number, as far as this app may see them."""
    found = api.call("department/list").get("department") or []
    return {text(row, "id"): text(row, "name") for row in found}
