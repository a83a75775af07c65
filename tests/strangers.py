"""Who may open what: every address of a room's console, asked by a stranger, a 导购 and somebody who may only look."""

from collections.abc import Iterator
from importlib import import_module

from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from homeground.console.roles import install_roles
from homeground.wecom.models import Staff

_ANY = {"kind": "live_code", "shape": "png", "queue": "expert", "what": "clock"}
_BY_NAME = {"remove_rule": {"what": "cover"}}


def addresses(room: str) -> Iterator[tuple[str, str]]:
    """(name, address) of each page of the room's console, with some argument wherever one is asked for."""
    urls = import_module(f"homeground.{room}.urls")
    for pattern in urls.urlpatterns:
        wanted = {key: _ANY.get(key, 1) for key in pattern.pattern.regex.groupindex}
        yield pattern.name, reverse(f"{urls.app_name}:{pattern.name}", kwargs=wanted | _BY_NAME.get(pattern.name, {}))


def salesperson(userid: str = "shop") -> User:
    """A 导购: a login with that role, and the member of staff behind it."""
    install_roles()
    user = User.objects.create_user(f"wecom-{userid}")
    user.groups.add(Group.objects.get(name="staff"))
    Staff.objects.create(userid=userid, name=userid, user=user)
    return user


def onlooker() -> User:
    """Somebody who may look at everything and change nothing."""
    user = User.objects.create_user("onlooker")
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return user


def answers(client: Client, room: str) -> dict[str, tuple[int, int]]:
    """By name of the page: the status of a GET and of a POST."""
    return {name: (client.get(url).status_code, client.post(url).status_code) for name, url in addresses(room)}
