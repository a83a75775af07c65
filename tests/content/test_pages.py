import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from homeground.content.models import Message
from homeground.people.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    """Somebody who may do everything, signed in."""
    client.force_login(User.objects.create_superuser("op", password="x"))
    return client


def given(**more):
    return {"name": "唤回", "link": "activate", "channel_kind": "phone", "body": "{{称呼|您}}好", "subject": ""} | more


def test_a_template_is_written_and_listed(operator):
    operator.post(reverse("content:new"), given())

    assert Message.objects.get().is_promotion is False
    assert "唤回" in operator.get(reverse("content:messages")).content.decode()


def test_a_wrong_place_is_named_in_the_form(operator):
    answer = operator.post(reverse("content:new"), given(body="好 {{nmae|您}}"))

    assert answer.status_code == 422
    assert "第 3 个字符" in answer.context["form"].errors["body"][0]
    assert not Message.objects.exists()


def test_the_preview_reads_as_the_customer_would(operator):
    Customer.objects.create(name="小林<b>")

    page = operator.post(reverse("content:preview"), given(q="小林", body="{{称呼|您}}<b>好")).content.decode()

    assert "小**&lt;b&gt;好" in page
    assert "按短信计 1 条" in page


@pytest.mark.parametrize("body", ["{{x", "", "{{称呼}}"])
def test_a_preview_of_a_broken_text_says_so(operator, body):
    Customer.objects.create()

    assert operator.post(reverse("content:preview"), given(body=body)).status_code == 200


@pytest.mark.parametrize(("name", "method"), [("messages", "get"), ("new", "get"), ("preview", "post")])
def test_a_stranger_may_not(client, name, method):
    visit = getattr(client, method)
    assert visit(reverse(f"content:{name}")).status_code == 302

    client.force_login(User.objects.create_user("someone", password="x"))
    assert visit(reverse(f"content:{name}")).status_code == 403


def test_a_template_can_be_deleted(operator):
    message = Message.objects.create(name="m", link="convert", body="x")

    operator.post(reverse("content:delete", args=[message.pk]))

    assert not Message.objects.exists()
