"""Users and roles: on the page and on the command line."""

import json

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from typer.testing import CliRunner

from homeground.config.cli import _app
from homeground.console import services
from homeground.console.errors import LastOwner, NoSuchRole, UserExists, WeakPassword
from homeground.console.roles import GRANTS, Role, install_roles

PASSWORD = "of-the-house-1"


@pytest.mark.django_db
def test_a_user_gets_one_role_and_what_it_grants():
    user = services.create_user("li", "content", PASSWORD)

    assert [group.name for group in user.groups.all()] == ["content"]
    assert user.has_perm("content.change_message")
    assert user.has_perm("people.view_customer")
    assert not user.has_perm("people.unmask_customer")
    assert not user.has_perm("console.manage_users")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "role", "password", "refusal"),
    [
        ("li", "content", PASSWORD, UserExists),
        ("new", "king", PASSWORD, NoSuchRole),
        ("new", "content", "short", WeakPassword),
        ("new", "content", "password123", WeakPassword),
    ],
)
def test_a_refusal_leaves_no_user(name, role, password, refusal):
    services.create_user("li", "content", PASSWORD)

    with pytest.raises(refusal):
        services.create_user(name, role, password)

    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_last_owner_stays():
    services.create_user("boss", "owner", PASSWORD)

    with pytest.raises(LastOwner):
        services.change_role("boss", "content")
    with pytest.raises(LastOwner):
        services.set_active("boss", False)

    assert User.objects.get().is_superuser
    services.create_user("second", "owner", PASSWORD)
    assert not services.change_role("boss", "content").is_superuser


@pytest.mark.django_db
def test_installing_roles_again_changes_nothing():
    install_roles()
    before = {group.name: group.permissions.count() for group in Group.objects.all()}
    install_roles()

    assert {group.name: group.permissions.count() for group in Group.objects.all()} == before
    assert set(before) == set(Role.values)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_every_pattern_of_a_role_grants_something(role):
    from django.contrib.auth.models import Permission

    from homeground.console.roles import _grants

    permissions = list(Permission.objects.select_related("content_type"))
    useless = []
    for pattern in GRANTS[role]:
        before, GRANTS[role] = GRANTS[role], [pattern]
        if not any(_grants(role, permission) for permission in permissions):
            useless.append(pattern)
        GRANTS[role] = before

    assert not useless


@pytest.mark.django_db
def test_only_those_who_may_manage_users(client):
    client.force_login(services.create_user("li", "operations", PASSWORD))
    new = {"name": "x", "role": "owner", "password": PASSWORD}

    assert client.get(reverse("console:users")).status_code == 403
    assert client.post(reverse("console:users"), new).status_code == 403
    assert client.post(reverse("console:user_role", args=["li"]), {"role": "owner"}).status_code == 403
    assert client.post(reverse("console:user_active", args=["li"]), {"is_active": "0"}).status_code == 403
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_page_adds_changes_and_turns_off(client):
    client.force_login(services.create_user("boss", "owner", PASSWORD))
    client.post(reverse("console:users"), {"name": "li", "role": "design", "password": PASSWORD})
    client.post(reverse("console:user_role", args=["li"]), {"role": "service"})
    client.post(reverse("console:user_active", args=["li"]), {"is_active": "0"})

    user = User.objects.get(username="li")
    assert [group.name for group in user.groups.all()] == ["service"]
    assert not user.is_active


@pytest.mark.django_db
def test_a_refusal_is_shown_in_the_form(client):
    client.force_login(services.create_user("boss", "owner", PASSWORD))

    answer = client.post(reverse("console:users"), {"name": "boss", "role": "design", "password": PASSWORD})

    assert "已存在" in answer.content.decode()


def run(*words: str, given: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(_app(), list(words), input=given)
    return result.exit_code, result.stdout


@pytest.mark.django_db
def test_users_from_the_command_line(monkeypatch):
    monkeypatch.setattr("homeground.console.commands.open_stores", lambda: None)
    status, made = run("users", "create", "zhao", "--role", "owner", "--json")
    assert status == 0
    assert User.objects.get().check_password(json.loads(made)["password"])

    status, changed = run("users", "password", "zhao", "--password-stdin", "--json", given="another-long-one-2\n")
    assert json.loads(changed) == {"user": "zhao"}
    assert User.objects.get().check_password("another-long-one-2")

    status, listed = run("users", "list", "--json")
    assert [user["role"] for user in json.loads(listed)["users"]] == ["owner"]
