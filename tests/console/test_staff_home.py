import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from homeground.console.roles import install_roles
from homeground.wecom.models import Staff

pytestmark = pytest.mark.django_db


def make_login(role: str) -> User:
    install_roles()
    user = User.objects.create_user(role)
    user.groups.add(Group.objects.get(name=role))
    Staff.objects.create(userid=role, name="小林", user=user)
    return user


def test_staff_begin_on_their_own_page_and_see_nothing_of_the_console(client):
    client.force_login(make_login("staff"))

    assert client.get(reverse("console:home")).url == reverse("service_public:day")
    for name in ("console:customers", "segments:list", "journeys:campaigns", "service:tickets", "service:team"):
        assert client.get(reverse(name)).status_code == 403


def test_a_colleague_with_a_role_begins_at_home(client):
    client.force_login(make_login("operations"))

    assert client.get(reverse("console:home")).status_code == 200
