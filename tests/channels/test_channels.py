import pytest
from django.utils import translation

from homeground.channels.errors import BadSettings
from homeground.channels.messages import Reason, reason_of, reason_text
from homeground.channels.models import Channel
from homeground.channels.services import configure, install_defaults, is_ready, send_test, switch
from homeground.core import secrets
from homeground.events.models import StreamEvent
from homeground.sandbox.models import Message
from tests.channels.support import recorded

EMAIL = {
    "host": "smtp.brand.example",
    "port": 465,
    "security": "tls",
    "username": "brand",
    "password": "s3cret",
    "from_address": "hello@brand.example",
    "from_name": "",
    "timeout_seconds": 30,
}


@pytest.mark.django_db
def test_a_new_deployment_has_its_channels_and_a_repeat_changes_nothing():
    install_defaults()
    assert list(Channel.objects.values_list("slug", "is_enabled")) == [
        ("wecom", False),
        ("moments", False),
        ("phone", True),
        ("email", False),
        ("webhook", False),
    ]
    phone = Channel.objects.get(slug="phone")
    assert is_ready(phone)
    Channel.objects.filter(pk=phone.pk).update(name="短信", is_enabled=False)

    install_defaults()

    phone.refresh_from_db()
    assert (Channel.objects.count(), phone.name, phone.is_enabled) == (5, "短信", False)


@pytest.mark.django_db
def test_secrets_are_sealed_and_stay_when_they_are_left_out():
    install_defaults()
    channel = Channel.objects.get(slug="email")
    configure(channel, EMAIL)
    configure(channel, EMAIL | {"password": "", "host": "other.example"}, name="邮箱")

    channel.refresh_from_db()
    assert (channel.settings["password"], channel.settings["host"], channel.name) == ("s3cret", "other.example", "邮箱")
    assert "s3cret" not in channel.sealed_settings


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"host": ""}, {"port": 0}, {"from_address": "nobody"}, {"security": "rot13"}])
def test_settings_that_cannot_work_are_refused_and_change_nothing(change):
    install_defaults()
    channel = Channel.objects.get(slug="email")
    with pytest.raises(BadSettings):
        configure(channel, EMAIL | change, name="x")
    channel.refresh_from_db()
    assert (channel.settings, channel.name) == ({}, "邮件")


@pytest.mark.django_db
def test_a_channel_without_settings_cannot_be_turned_on():
    install_defaults()
    channel = Channel.objects.get(slug="webhook")
    with pytest.raises(BadSettings):
        switch(channel, is_enabled=True)
    assert not Channel.objects.get(slug="webhook").is_enabled


@pytest.mark.django_db
def test_settings_of_another_key_are_as_good_as_none(monkeypatch):
    install_defaults()
    monkeypatch.setattr(secrets, "secret_key", lambda: "another deployment")
    phone = Channel.objects.get(slug="phone")
    assert phone.settings == {}
    assert not is_ready(phone)


@pytest.mark.django_db(transaction=True)
def test_a_test_message_arrives_and_counts_nowhere(phone, base_url):
    switch(phone, is_enabled=False)
    assert send_test(phone, "13800000009").state == "sent"
    message = Message.objects.get()
    assert "/t/" in message.body
    assert "/o/" in message.body
    assert not recorded("sent")
    assert not StreamEvent.objects.exists()


def test_a_reason_is_a_code_with_the_other_sides_words():
    stored = reason_of(Reason.REFUSED, "550\r\n no  such mailbox" + "x" * 500)
    assert stored.startswith("refused: 550 no such mailbox")
    assert len(stored) == 200
    assert reason_text("refused: 550 gone") == "对方拒绝（550 gone）"
    assert reason_text("channel_off") == "渠道已停用"
    assert reason_text("something else") == "something else"


@pytest.mark.django_db
def test_a_channel_has_its_installed_name_in_the_readers_language_and_its_own_in_every():
    install_defaults()
    phone = Channel.objects.get(slug="phone")
    with translation.override("en"):
        assert phone.title == "Phone messages"
        phone.name = "门店短信"
        assert phone.title == "门店短信"
