"""E-mail by SMTP, one connection a batch, text and HTML, with one-click opt-out in its headers (RFC 8058)."""

import smtplib
import ssl
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from email.utils import formataddr
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from homeground.channels.messages import Message, Outcome, Reason, failed, sent, unknown


class SettingsForm(forms.Form):
    """The mail server, and who the mail is from."""

    host = forms.CharField(label=_("SMTP 服务器"), max_length=255)
    port = forms.IntegerField(label=_("端口"), min_value=1, max_value=65535, initial=465)
    security = forms.ChoiceField(
        label=_("加密"), choices=[("tls", "SSL/TLS"), ("starttls", "STARTTLS"), ("none", _("不加密"))], initial="tls"
    )
    username = forms.CharField(label=_("用户名"), max_length=255, required=False)
    password = forms.CharField(label=_("密码或授权码"), max_length=255, required=False)
    from_address = forms.EmailField(label=_("发件地址"))
    from_name = forms.CharField(
        label=_("发件人名称"), max_length=60, required=False, help_text=_("留空：使用品牌名称。")
    )
    timeout_seconds = forms.FloatField(label=_("等待秒数"), min_value=0.1, max_value=120, initial=30)


class Email:
    """邮件"""

    slug: str = "email"
    label: Any = _("邮件")
    address_kinds: Sequence[str] = ("email",)
    batch: int = 100
    is_shared: bool = False
    form: type[forms.Form] = SettingsForm
    secret_fields: Collection[str] = ("password",)

    def deliver(self, settings: Mapping[str, Any], messages: Sequence[Message]) -> Iterator[Outcome]:
        line = _Line(settings)
        try:
            for message in messages:
                yield _deliver(line, message)
        finally:
            line.close()

    def known(self, settings: Mapping[str, Any], sent: Mapping[str, int]) -> Mapping[str, bool]:
        return {}


EMAIL = Email()


class _Line:
    """The connection of a batch: opened when first needed, opened again after it broke."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.server: smtplib.SMTP | None = None

    def open(self) -> smtplib.SMTP:
        if self.server is None:
            self.server = _connect(self.settings)
        return self.server

    def close(self) -> None:
        if self.server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.server.quit()
        self.server = None

    def drop(self) -> None:
        if self.server is not None:
            self.server.close()
        self.server = None


def _connect(settings: Mapping[str, Any]) -> smtplib.SMTP:
    host, port, seconds = settings["host"], int(settings["port"]), float(settings.get("timeout_seconds") or 30)
    if settings.get("security") == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=seconds)
    try:
        if settings.get("security") == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.get("username"):
            server.login(settings["username"], settings.get("password", ""))
    except BaseException:
        server.close()
        raise
    return server


def _deliver(line: _Line, message: Message) -> Outcome:
    try:
        body = _mail(line.settings, message)
    except ValueError as error:  # Line breaks in a header, or an address that is none: refused before any talk.
        return failed(message, Reason.BAD_MESSAGE, str(error))
    try:
        server = line.open()
    except (smtplib.SMTPException, OSError) as error:
        return failed(message, Reason.NOT_CONNECTED, type(error).__name__, may_retry=True)
    return _addressed(line, server, message) or _handed_over(line, server, message, body)


def _addressed(line: _Line, server: smtplib.SMTP, message: Message) -> Outcome | None:
    """Say from whom and to whom. Whatever goes wrong here, nothing was sent."""
    try:
        server.ehlo_or_helo_if_needed()
        for code, text in _envelope(server, line.settings["from_address"], message.address):
            if code >= 300:
                server.rset()
                return _refused(message, code, text)
    except (smtplib.SMTPException, OSError) as error:
        line.drop()
        return failed(message, Reason.NOT_CONNECTED, type(error).__name__, may_retry=True)
    return None


def _envelope(server: smtplib.SMTP, sender: str, recipient: str) -> Iterator[tuple[int, bytes]]:
    yield server.mail(sender)
    yield server.rcpt(_ascii(recipient))


def _handed_over(line: _Line, server: smtplib.SMTP, message: Message, body: bytes) -> Outcome:
    """Hand over the text. When the line breaks from here on, nobody knows whether it was taken."""
    try:
        code, text = server.data(body)
    except smtplib.SMTPDataError as error:  # The server did not even want the text.
        code, text = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
    except (smtplib.SMTPException, OSError) as error:
        line.drop()
        return unknown(message, type(error).__name__)
    return sent(message) if code < 300 else _refused(message, code, text)


def _refused(message: Message, code: int, text: bytes) -> Outcome:
    detail = f"{code} {text.decode('utf-8', 'replace')}"
    if code < 500:
        return failed(message, Reason.BUSY, detail, may_retry=True)
    return failed(message, Reason.REFUSED, detail)


def _mail(settings: Mapping[str, Any], message: Message) -> bytes:
    """The whole mail. Raises ValueError where an address or a header would not be one."""
    _check(message.address)
    mail = EmailMultiAlternatives(
        message.subject,
        render_to_string("channels/mail.txt", {"message": message}),
        formataddr((settings.get("from_name") or message.sender, settings["from_address"]), "utf-8"),
        [message.address],
        headers=_headers(message, settings["from_address"].rpartition("@")[2]),
    )
    mail.attach_alternative(render_to_string("channels/mail.html", {"message": message}), "text/html")
    return bytes(mail.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own argument.


def _headers(message: Message, domain: str) -> dict[str, str]:
    # Of the key, so that a mail that arrives twice is seen to be one; and this machine's name stays at home.
    message_id = f"<{sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    if message.opt_out_url:
        headers["List-Unsubscribe"] = f"<{message.opt_out_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _check(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValueError("not an e-mail address") from error


def _ascii(address: str) -> str:
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
