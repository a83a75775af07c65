import pytest
from django.contrib.auth.models import Permission, User

from homeground.channels.models import Channel
from homeground.channels.services import install_defaults, send
from homeground.channels.services.opt_out import withdraw
from homeground.channels.tokens import Trace
from homeground.sandbox.models import Message
from tests.channels.support import make_customer, outgoing
from tests.support import drain

EMAIL = {
    "name": "品牌邮箱",
    "address_kinds": ["email"],
    "unit_cost": "0.02",
    "rate_per_second": "5",
    "refusing_words": "退订 TD",
    "host": "smtp.brand.example",
    "port": "465",
    "security": "tls",
    "username": "brand",
    "password": "s3cret",
    "from_address": "hello@brand.example",
    "from_name": "",
    "timeout_seconds": "30",
}


@pytest.fixture
def operator(db, client):
    """Signs in a user with these permissions of the room."""
    install_defaults()

    def sign_in(*codenames: str):
        user = User.objects.create_user("operator")
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/channels/"), ("get", "/channels/phone"), ("post", "/channels/phone"), ("post", "/channels/phone/switch"),
     ("post", "/channels/phone/test")],
)  # fmt: skip
def test_a_stranger_may_not(client, operator, method, path):
    assert getattr(client, method)(path).status_code == 302  # To the sign-in.
    assert getattr(operator(), method)(path).status_code == 403
    assert Channel.objects.get(slug="phone").is_enabled
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_list_counts_the_last_seven_days(operator, phone, base_url):
    customer = make_customer()
    one, other = outgoing(customer.pk), outgoing(customer.pk, address="13900000000")
    send(phone, [one, other])
    withdraw(Trace(phone.pk, one.touch_id, 7, customer.pk), is_everywhere=False, source="opt_out_page", shown="x")
    drain()

    page = operator("view_channel").get("/channels/").content.decode()

    row = next(row for row in page.split("<tbody>")[1].split("</tr>") if ">phone<" in row)
    assert [cell.split("</td>")[0] for cell in row.split('<td class="num">')[3:]] == ["2", "0", "1"]
    assert "待配置" in page
    assert "/channels/phone/switch" not in page  # Looking is not changing.


def test_an_empty_list_says_how_to_get_channels(operator):
    browser = operator("view_channel")
    Channel.objects.all().delete()
    assert "还没有触达渠道" in browser.get("/channels/").content.decode()


def test_a_channel_is_configured_and_turned_on_and_its_secret_is_never_shown(operator):
    browser = operator("view_channel", "change_channel", "test_channel")
    assert browser.post("/channels/email", EMAIL).status_code == 302
    channel = Channel.objects.get(slug="email")
    assert (channel.name, channel.unit_cost_minor, channel.rate_per_second) == ("品牌邮箱", 2, 5)
    assert channel.refusing_words == ["退订", "TD"]
    assert "s3cret" not in browser.get("/channels/email").content.decode()

    browser.post("/channels/email", EMAIL | {"password": ""})
    assert Channel.objects.get(slug="email").settings["password"] == "s3cret"
    browser.post("/channels/email/switch", {"is_enabled": "1"})
    assert Channel.objects.get(slug="email").is_enabled


def test_wrong_settings_come_back_with_the_form(operator):
    answer = operator("view_channel", "change_channel").post("/channels/email", EMAIL | {"from_address": "nobody"})
    assert answer.status_code == 422
    assert "nobody" in answer.content.decode()
    assert Channel.objects.get(slug="email").settings == {}


def test_a_channel_that_is_not_ready_is_not_turned_on(operator):
    browser = operator("view_channel", "change_channel")
    answer = browser.post("/channels/webhook/switch", {"is_enabled": "1"}, follow=True)
    assert "请先完成渠道配置" in answer.content.decode()
    assert not Channel.objects.get(slug="webhook").is_enabled


@pytest.mark.django_db(transaction=True)
def test_a_test_message_says_what_became_of_it(operator, phone, base_url):
    browser = operator("view_channel", "change_channel", "test_channel")
    answer = browser.post("/channels/phone/test", {"address": "13800000009"}, follow=True)
    assert "测试消息已发出" in answer.content.decode()
    assert Message.objects.get().phone.address == "13800000009"
    answer = browser.post("/channels/webhook/test", {"address": "x"}, follow=True)
    assert "渠道配置不完整" in answer.content.decode()
