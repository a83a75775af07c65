import pytest
from django.contrib.auth.models import Permission, User

from homeground.channels.services import send
from homeground.sandbox.models import Gateway, Message, Phone, Receipt
from tests.channels.support import outgoing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator(db, client):
    def sign_in(*codenames: str):
        user = User.objects.create_user("operator")
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def message(phone_channel) -> Message:
    send(phone_channel, [outgoing(body="<b>好礼</b> https://shop.example/x。快来")])
    Receipt.objects.all().delete()
    return Message.objects.get()


def test_a_stranger_may_not(client, operator, message):
    pk, phone = message.pk, message.phone_id
    pages = ["/sandbox/", "/sandbox/phones/13800000001"]
    actions = ["/sandbox/gateway", f"/sandbox/messages/{pk}/open", f"/sandbox/messages/{pk}/complain"]
    actions += [f"/sandbox/play/{phone}/{what}" for what in ("answer", "block", "switch")]
    assert {client.get(path).status_code for path in pages} == {302}
    assert {client.post(path).status_code for path in actions} == {302}
    browser = operator()
    assert {browser.get(path).status_code for path in pages} == {403}
    assert {browser.post(path).status_code for path in actions} == {403}
    assert not Receipt.objects.exists()


def test_whoever_may_only_look_sees_no_buttons(operator, message):
    page = operator("view_phone").get("/sandbox/phones/13800000001").content.decode()
    assert "沙盒" in page
    assert "/open" not in page
    assert "/answer" not in page


def test_phones_are_listed_newest_first_and_found_by_the_beginning(operator, phone_channel):
    send(
        phone_channel, [outgoing(address="13900000000", body="第一条"), outgoing(address="13800000000", body="第二条")]
    )
    browser = operator("view_phone")
    page = browser.get("/sandbox/").content.decode()
    assert "139****0000" in page
    assert "第二条" in page
    found = browser.get("/sandbox/", {"q": "139"}).content.decode()
    assert "第一条" in found
    assert "第二条" not in found
    assert "没有这样的手机" in browser.get("/sandbox/", {"q": "7"}).content.decode()


def test_an_empty_list_says_what_would_be_here(operator):
    assert "还没有手机收到消息" in operator("view_phone").get("/sandbox/").content.decode()


def test_a_message_is_short_until_it_is_opened_and_then_its_link_can_be_clicked(operator, message):
    browser = operator("view_phone", "play_phone")
    page = browser.get("/sandbox/phones/13800000001").content.decode()
    assert "打开消息" in page
    assert "/t/" not in page

    thread = browser.post(f"/sandbox/messages/{message.pk}/open", headers={"HX-Request": "true"}).content.decode()

    assert thread.lstrip().startswith('<div class="chat"')
    assert "&lt;b&gt;好礼" in thread
    assert "/t/" in thread.split('href="')[1].split('"')[0]
    assert list(Receipt.objects.values_list("event", flat=True)) == ["opened"]


def test_the_customer_answers_blocks_and_turns_the_phone_off(operator, message):
    browser = operator("view_phone", "play_phone")
    phone = message.phone_id
    assert "TD" in browser.post(f"/sandbox/play/{phone}/answer", {"text": "TD"}, follow=True).content.decode()
    browser.post(f"/sandbox/play/{phone}/block", {"is_blocking": "1"})
    page = browser.post(f"/sandbox/play/{phone}/switch", {"is_off": "1"}, follow=True).content.decode()
    assert "手机已关机" in page
    assert list(Receipt.objects.order_by("pk").values_list("event", flat=True)) == ["answered", "refused"]
    assert Phone.objects.values_list("is_off", "is_blocking").get() == (True, True)


def test_the_gateway_is_told_how_to_misbehave(operator):
    browser = operator("view_phone", "change_gateway")
    faults = {"fault": "busy", "faults_left": "3", "silent_seconds": "5", "receipt_delay_seconds": "0"}
    page = browser.post("/sandbox/gateway", faults, follow=True).content.decode()
    assert "接下来 3 次请求：限流 429" in page
    assert Gateway.objects.get().faults_left == 3
    browser.post("/sandbox/gateway", faults | {"silent_seconds": "9999"})
    assert Gateway.objects.get().silent_seconds == 5
