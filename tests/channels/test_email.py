import email
import smtplib
from email import policy
from email.message import EmailMessage

import pytest

from homeground.channels.services import install_defaults, send
from tests.channels.smtp import SmtpSink
from tests.channels.support import email_channel, outgoing, recorded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _channels() -> None:
    install_defaults()


def to(address: str, **changes):
    return outgoing(address=address, **changes)


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_promotion_arrives_as_text_and_html_with_one_click_opt_out():
    with SmtpSink() as sink:
        (outcome,) = send(email_channel(sink.port), [to("wang@shop.example", subject="双十一好礼")])

    assert outcome.state == "sent"
    ((sender, recipients, raw),) = sink.mails
    mail = parsed(raw)
    assert (sender, recipients) == ("hello@brand.example", ["wang@shop.example"])
    assert (mail["Subject"], mail["To"]) == ("双十一好礼", "wang@shop.example")
    assert mail["From"].addresses[0].display_name == "主场品牌"
    assert mail["Message-ID"].endswith("@brand.example>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/o/")
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "/o/" in text
    assert "/t/" in text
    assert 'href="http://127.0.0.1:8000/t/' in html
    assert ".gif" in html
    assert "shop.example/sale" not in text + html
    assert b"\r\n" in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert len(recorded("sent")) == 1


def test_a_service_mail_has_no_opt_out():
    with SmtpSink() as sink:
        send(email_channel(sink.port), [to("wang@shop.example", is_promotion=False)])
    mail = parsed(sink.mails[0][2])
    assert mail["List-Unsubscribe"] is None
    assert "/o/" not in mail.get_body(("plain",)).get_content()


def test_one_connection_carries_a_batch():
    with SmtpSink() as sink:
        outcomes = send(email_channel(sink.port), [to(f"c{number}@shop.example") for number in range(30)])
    assert {outcome.state for outcome in outcomes} == {"sent"}
    assert (len(sink.mails), sink.connections) == (30, 1)


def test_one_refused_address_does_not_hold_up_the_others():
    with SmtpSink(rcpt={"gone@shop.example": "550 no such mailbox", "full@shop.example": "452 mailbox full"}) as sink:
        outcomes = send(
            email_channel(sink.port), [to("gone@shop.example"), to("full@shop.example"), to("wang@shop.example")]
        )
    assert [(outcome.state, outcome.reason, outcome.may_retry) for outcome in outcomes] == [
        ("failed", "refused: 550 no such mailbox", False),
        ("failed", "busy: 452 mailbox full", True),
        ("sent", "", False),
    ]
    assert [event.properties["reason"] for event in recorded("failed")] == ["refused: 550 no such mailbox"]


def test_text_that_the_server_refuses_is_a_definite_failure():
    with SmtpSink(after_text="554 looks like spam") as sink:
        (outcome,) = send(email_channel(sink.port), [to("wang@shop.example")])
    assert (outcome.state, outcome.reason) == ("failed", "refused: 554 looks like spam")


def test_a_line_that_breaks_after_the_text_leaves_it_unknown_and_the_next_mail_gets_a_new_line():
    with SmtpSink(drops_after_text_of={"first@shop.example"}) as sink:
        outcomes = send(email_channel(sink.port), [to("first@shop.example"), to("second@shop.example")])
    assert [outcome.state for outcome in outcomes] == ["unknown", "sent"]
    assert [recipients for _from, recipients, _raw in sink.mails] == [["first@shop.example"], ["second@shop.example"]]
    assert sink.connections == 2


def test_a_server_that_takes_the_text_and_says_nothing_leaves_it_unknown():
    with SmtpSink(silent_after_text=True) as sink:
        (outcome,) = send(email_channel(sink.port, timeout_seconds=0.3), [to("wang@shop.example")])
    assert outcome.state == "unknown"
    assert not recorded("sent")


def test_nobody_listening_is_surely_not_sent():
    (outcome,) = send(email_channel(9), [to("wang@shop.example")])
    assert (outcome.state, outcome.may_retry, outcome.reason) == (
        "failed",
        True,
        "not_connected: ConnectionRefusedError",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "优惠\r\nBcc: everyone@shop.example"},
        {"address": "wang@shop.example\r\nRCPT TO:<everyone@shop.example>"},
        {"address": "wang@shop.example, everyone@shop.example"},
        {"address": "not an address"},
        {"address": ""},
    ],
)
def test_headers_cannot_be_slipped_in(change):
    with SmtpSink() as sink:
        (outcome, fine) = send(
            email_channel(sink.port), [to(**{"address": "wang@shop.example", **change}), to("b@c.example")]
        )
    assert (outcome.state, outcome.may_retry) == ("failed", False)
    assert outcome.reason.startswith("bad_message")
    assert fine.state == "sent"
    assert [recipients for _from, recipients, _raw in sink.mails] == [["b@c.example"]]


def test_a_line_of_one_dot_does_not_end_the_mail():
    with SmtpSink() as sink:
        send(email_channel(sink.port), [to("wang@shop.example", body="before\n.\nafter")])
    assert "after" in parsed(sink.mails[0][2]).get_body(("plain",)).get_content()


def test_the_body_is_shown_as_text_never_as_html():
    with SmtpSink() as sink:
        send(email_channel(sink.port), [to("wang@shop.example", body="<script>alert(1)</script> 5 < 6")])
    html = parsed(sink.mails[0][2]).get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_password_is_given_to_the_server():
    with SmtpSink(login=("brand", "s3cret")) as sink:
        good, bad = (
            send(email_channel(sink.port, username="brand", password=password), [to("wang@shop.example")])[0]
            for password in ("s3cret", "wrong")
        )
    assert good.state == "sent"
    assert (bad.state, bad.may_retry, bad.reason) == (
        "failed",
        True,
        f"not_connected: {smtplib.SMTPAuthenticationError.__name__}",
    )
