import pytest

from homeground.channels import links
from homeground.channels.errors import TokenRefused
from homeground.channels.models import Link
from homeground.channels.services import send
from homeground.channels.tokens import Trace, token_of, trace_of
from homeground.sandbox.models import Message
from tests.channels.support import make_customer, outgoing, recorded

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
TARGET = "https://shop.example/sale?a=1&b=2"


@pytest.fixture
def link(phone, base_url) -> str:
    """The traced link of one message, as it stands on the customer's phone."""
    send(phone, [outgoing(make_customer().pk)])
    first, _opt_out = links.urls_of(Message.objects.get().body)
    return first.removeprefix(base_url)


@pytest.mark.django_db(transaction=True)
def test_a_click_is_counted_and_leads_to_the_target(client, link):
    answer = client.get(link, headers={"User-Agent": SAFARI})

    assert (answer.status_code, answer["Location"]) == (302, TARGET)
    (click,) = recorded("clicked")
    assert (click.properties["url"], click.properties["campaign_id"], click.properties["channel"]) == (
        TARGET, 7, "phone",
    )  # fmt: skip
    assert click.properties["touch_id"] > 0
    assert click.customer_id
    assert len(link) <= 40  # Fits into a text message.


@pytest.mark.django_db(transaction=True)
def test_a_second_tap_in_the_same_minute_is_the_same_click(client, link, monkeypatch):
    from datetime import UTC, datetime, timedelta

    moment = datetime(2026, 11, 21, 10, 0, 1, tzinfo=UTC)
    for seconds in (0, 1, 50, 60):
        monkeypatch.setattr("homeground.core.time.now", lambda at=moment + timedelta(seconds=seconds): at)
        client.get(link)
    assert len(recorded("clicked")) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "Slackbot-LinkExpanding 1.0"},
        {"User-Agent": "WhatsApp/2.23"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "Mozilla/5.0 BingPreview/1.0b"},
        {"User-Agent": "Baiduspider"},
        {"User-Agent": SAFARI, "Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_programs_that_look_ahead_are_led_on_and_not_counted(client, link, headers):
    assert client.get(link, headers=headers)["Location"] == TARGET
    assert not recorded("clicked")


@pytest.mark.django_db(transaction=True)
def test_a_phone_called_cubot_is_no_bot_and_head_is_no_click(client, link):
    client.head(link, headers={"User-Agent": SAFARI})
    assert not recorded("clicked")
    client.get(link, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 40)"})
    assert len(recorded("clicked")) == 1


@pytest.mark.django_db(transaction=True)
def test_the_picture_in_a_mail_counts_as_opened(client, phone):
    url = links.pixel_url(Trace(phone.pk, 5, 7, make_customer().pk)).removeprefix("http://127.0.0.1:8000")
    answer = client.get(url)
    assert answer["Content-Type"] == "image/gif"
    assert "no-cache" in answer["Cache-Control"]
    client.get(url)
    assert [event.properties["touch_id"] for event in recorded("opened")] == [5]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t[:-1] + "x", lambda t: "1" + t, lambda t: "x", lambda t: "a" * 5000]
)
def test_a_changed_link_gets_a_friendly_page(client, link, change):
    answer = client.get("/t/" + change(link.removeprefix("/t/")))
    assert answer.status_code == 404
    assert "链接不完整或已失效" in answer.content.decode()
    assert not recorded("clicked")


@pytest.mark.django_db
def test_no_address_of_ours_leads_to_a_target_that_we_did_not_send(client, phone):
    token = token_of(Trace(phone.pk, 1, 1, 1, 999), "link")
    assert client.get(f"/t/{token}").status_code == 404
    assert (
        client.get(f"/t/{token}", {"url": "https://evil.example/", "next": "https://evil.example"}).status_code == 404
    )


def test_a_token_opens_one_thing_only():
    token = token_of(Trace(1, 2, 3, 4, 5), "link")
    assert trace_of(token, "link") == Trace(1, 2, 3, 4, 5)
    for use in ("opt_out", "receipt"):
        with pytest.raises(TokenRefused):
            trace_of(token, use)


@pytest.mark.django_db
def test_a_url_has_one_row_however_often_it_is_sent():
    assert links.ids_of(["https://a.example/", "https://b.example/", "https://a.example/"]) == links.ids_of(
        ["https://b.example/", "https://a.example/"]
    )
    assert Link.objects.count() == 2


def test_urls_end_where_chinese_text_goes_on():
    text = "看https://a.example/x?y=1。还有（http://b.example/路径），以及 https://c.example/d). 完"
    assert links.urls_of(text) == ["https://a.example/x?y=1", "http://b.example/路径", "https://c.example/d"]
