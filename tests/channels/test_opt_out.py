import pytest

from homeground.channels import links, queries
from homeground.channels.models import Channel
from homeground.channels.services import send
from homeground.channels.tokens import Trace
from homeground.people.models import Consent
from homeground.people.services import merge
from homeground.sandbox.models import Message
from tests.channels.support import decisions, make_customer, outgoing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def customer():
    return make_customer()


@pytest.fixture
def page(phone, base_url, customer) -> str:
    """The opt-out address of one promotion, as the customer's phone shows it."""
    send(phone, [outgoing(customer.pk, touch_id=41)])
    return links.urls_of(Message.objects.get().body)[-1].removeprefix(base_url)


def test_the_page_says_what_will_stop_and_reading_it_changes_nothing(client, page):
    for method in (client.get, client.head, client.get):
        answer = method(page, headers={"User-Agent": "Mozilla/5.0 (compatible; LinkScanner)"})
        assert answer.status_code == 200
    text = client.get(page).content.decode()
    assert "不再接收「手机消息」的促销消息" in text
    assert "我的品牌" in text
    assert not Consent.objects.exists()


def test_the_page_speaks_the_language_of_the_phone(client, page):
    assert "No more promotional messages?" in client.get(page, headers={"Accept-Language": "en-GB"}).content.decode()
    assert "不想再收到" in client.get(page, headers={"Accept-Language": "fr"}).content.decode()
    gone = client.get("/o/x", headers={"Accept-Language": "en"})
    assert "This link cannot be opened" in gone.content.decode()


def test_one_tap_stops_promotions_on_this_channel_at_once_with_proof(client, page, customer):
    answer = client.post(page, {"choice": "channel"}, follow=True)

    assert "已停止发送" in answer.content.decode()
    assert decisions() == [(customer.pk, "promotion", "phone", False, "opt_out_page")]
    proof = Consent.objects.get().proof
    assert (proof["touch_id"], proof["campaign_id"]) == (41, 7)
    assert proof["shown"] == "不再接收「手机消息」的促销消息"
    assert proof["page_version"]
    assert queries.standing(customer.pk, "phone").is_out
    assert not queries.standing(customer.pk, "email").is_out


def test_one_tap_stops_promotions_everywhere(client, page, customer):
    client.post(page, {"choice": "everywhere"})
    assert decisions() == [(customer.pk, "promotion", "*", False, "opt_out_page")]
    assert queries.standing(customer.pk, "email").is_out


def test_it_can_be_taken_back_on_the_same_page(client, page, customer):
    client.post(page, {"choice": "everywhere"})
    assert "恢复接收促销消息" in client.get(page).content.decode()
    answer = client.post(page, {"choice": "restore"}, follow=True)
    assert "不想再收到促销消息" in answer.content.decode()
    assert decisions()[1:] == [(customer.pk, "promotion", "*", True, "opt_out_page")]
    assert not queries.standing(customer.pk, "phone").is_out


def test_a_mail_programs_one_click_works_without_cookies(client, page, customer):
    answer = client.post(page, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert decisions() == [(customer.pk, "promotion", "phone", False, "one_click")]


def test_the_page_needs_no_csrf_cookie_and_no_login(page, customer):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(page, {"choice": "channel"}).status_code == 302
    assert len(decisions()) == 1


@pytest.mark.parametrize("choice", ["", "all", "channel ", "service"])
def test_a_choice_that_is_none_changes_nothing(client, page, choice):
    client.post(page, {"choice": choice})
    assert not decisions()


def test_a_changed_address_changes_nobodys_consent(client, page):
    token = page.removeprefix("/o/")
    touch = token.split(".")
    touch[3] = "2"  # Another customer.
    for changed in (token[:-1], ".".join(touch), "x"):
        assert client.post(f"/o/{changed}", {"choice": "everywhere"}).status_code == 404
    link = links.link_url(Trace(1, 1, 1, 1), 1).rpartition("/")[2]
    assert client.post(f"/o/{link}", {"choice": "everywhere"}).status_code == 404
    assert not decisions()


def test_a_test_message_decides_nothing(client, phone, customer):
    trace = Trace(phone.pk, 0, 0, customer.pk)
    page = links.opt_out_url(trace).removeprefix("http://127.0.0.1:8000")
    assert "这是一条测试消息" in client.get(page).content.decode()
    assert client.post(page, {"choice": "everywhere"}).status_code == 302
    assert not decisions()


def test_the_page_knows_a_customer_who_was_merged_since(client, page, customer):
    other = make_customer("李红")
    merge(other.pk, customer.pk, {"by": "test"})
    client.post(page, {"choice": "channel"})
    assert "已停止发送" in client.get(page).content.decode()
    assert queries.standing(other.pk, "phone").is_out


def test_a_channel_that_is_gone_gets_the_friendly_page(client, phone, customer):
    page = links.opt_out_url(Trace(phone.pk, 41, 7, customer.pk)).removeprefix("http://127.0.0.1:8000")
    Channel.objects.all().delete()
    assert client.get(page).status_code == 404
    assert client.post(page, {"choice": "channel"}).status_code == 404
