"""Members as an app sees them: only those in its visible range."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from homeground.sandbox.models import Department, Member
from homeground.sandbox.services.wecom.refusals import Refused


def visible() -> QuerySet[Member]:
    """Members in range who have not left."""
    return Member.objects.filter(is_visible=True, resigned_at=None)


def serving() -> QuerySet[Member]:
    """Members in range who may use customer contact."""
    return visible().filter(has_contact=True, is_active=True)


def member(userid: str, *, resigned: bool = False) -> Member:
    """One member in range; a resigned one only if asked for. Raises Refused 60111, 60021."""
    found = named([userid]).first()
    if not found or (found.resigned_at and not resigned):
        raise Refused(60111, f"userid not found: {userid}")
    if not found.is_visible:
        raise Refused(60021, f"userid not in app visible range: {userid}")
    return found


def contact_member(userid: str) -> Member:
    """One member who may use customer contact. Raises Refused 60111, 60021, 84074."""
    found = member(userid)
    if not found.has_contact:
        raise Refused(84074, f"no external contact permission: {userid}")
    return found


def contact_members(userids: Iterable[str]) -> list[Member]:
    """The members, all of them. Raises Refused 60111, 60021, 84074, or 41054 for one who is not activated."""
    wanted = {userid.lower(): userid for userid in userids}
    found = {one.userid.lower(): one for one in named(wanted)}
    for key, userid in wanted.items():
        _check(found.get(key), userid)
    return list(found.values())


def named(userids: Iterable[str]) -> QuerySet[Member]:
    """Members by userid, in any case of letters."""
    lower = Lower("userid")
    return Member.objects.alias(key=lower).filter(key__in=[userid.lower() for userid in userids])


def of_departments(numbers: Iterable[int]) -> QuerySet[Member]:
    """Serving members of departments and of those below them."""
    return serving().filter(departments__overlap=with_children(numbers))


def with_children(numbers: Iterable[int]) -> list[int]:
    """Departments with all below them. Raises Refused 60123 for one that is not there."""
    parents = dict(Department.objects.values_list("number", "parent"))
    wanted = set(numbers)
    if not wanted <= parents.keys():
        raise Refused(60123, f"invalid department id: {sorted(wanted - parents.keys())}")
    return [number for number in parents if wanted & _line(number, parents)]


def in_range(userids: Iterable[str], departments: Iterable[int]) -> QuerySet[Member]:
    """Serving members who are named or belong to a department; those out of range are left out."""
    lower = [userid.lower() for userid in userids]
    numbers = with_children(departments)
    return serving().alias(key=Lower("userid")).filter(Q(key__in=lower) | Q(departments__overlap=numbers))


def _line(number: int, parents: dict[int, int]) -> set[int]:
    line: set[int] = set()
    while number and number not in line:
        line.add(number)
        number = parents.get(number, 0)
    return line


def _check(found: Member | None, userid: str) -> None:
    if not found or found.resigned_at:
        raise Refused(60111, f"userid not found: {userid}")
    if not found.is_visible:
        raise Refused(60021, f"userid not in app visible range: {userid}")
    if not found.has_contact:
        raise Refused(84074, f"no external contact permission: {userid}")
    if not found.is_active:
        raise Refused(41054, f"member not activated: {userid}")
