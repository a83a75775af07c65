"""A message as a signed POST to the brand's own system (Standard Webhooks), one request a message."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from homeground.channels.messages import Message, Outcome, Reason, failed, sent, unknown
from homeground.core import outside, time, webhooks

_BUSY = (429, 503)
_AT_ONCE = 8  # Requests in flight; one slow answer holds up seven others at most.


class SettingsForm(forms.Form):
    """Where to POST, and the secret that signs it."""

    url = forms.URLField(label=_("接收地址"), assume_scheme="https", help_text=_("每条消息一个 POST 请求。"))
    secret = forms.CharField(
        label=_("签名密钥"), max_length=200, help_text=_("Standard Webhooks 方案，以 whsec_ 开头。")
    )
    timeout_seconds = forms.FloatField(label=_("等待秒数"), min_value=0.1, max_value=60, initial=10)
    allowed_hosts = forms.CharField(
        label=_("允许的内网主机"), required=False, help_text=_("接收方在内网时填写，如 crm.lan:8080；多个用空格分隔。")
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if not url.startswith(("https://", "http://")):
            raise ValidationError(_("请填写以 https:// 开头的地址。"))
        return url


class Webhook:
    """Webhook: hand each message to another system, which delivers it."""

    slug: str = "webhook"
    label: Any = "Webhook"
    address_kinds: Sequence[str] = ("phone", "email", "wecom_external", "openid", "unionid", "member_no", "user_id")
    batch: int = 200
    is_shared: bool = False
    form: type[forms.Form] = SettingsForm
    secret_fields: Collection[str] = ("secret",)

    def deliver(self, settings: Mapping[str, Any], messages: Sequence[Message]) -> Iterator[Outcome]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(partial(_deliver, settings), messages)

    def known(self, settings: Mapping[str, Any], sent: Mapping[str, int]) -> Mapping[str, bool]:
        return {}


WEBHOOK = Webhook()


def _deliver(settings: Mapping[str, Any], message: Message) -> Outcome:
    body = json.dumps(_document(message), ensure_ascii=False).encode()
    try:
        answer = outside.post(
            settings["url"],
            body,
            webhooks.sign(settings["secret"], message.key, time.now(), body) | {"content-type": "application/json"},
            seconds=float(settings.get("timeout_seconds") or 10),
            allowed_hosts=str(settings.get("allowed_hosts", "")).split(),
        )
    except outside.AddressRefused as refusal:
        return failed(message, Reason.BAD_SETTINGS, str(refusal))
    except outside.NotConnected as trouble:
        return failed(message, Reason.NOT_CONNECTED, str(trouble), may_retry=True)
    except outside.NoAnswer as trouble:
        return unknown(message, str(trouble))
    return _outcome(message, answer.status)


def _outcome(message: Message, status: int) -> Outcome:
    if 200 <= status < 300:
        return sent(message)
    if status in _BUSY:
        return failed(message, Reason.BUSY, str(status), may_retry=True)
    if status >= 500:
        return unknown(message, str(status))
    return failed(message, Reason.REFUSED, str(status))


def _document(message: Message) -> dict[str, Any]:
    return {
        "type": "message.send",
        "timestamp": message.at.isoformat(),
        "data": {
            "key": message.key,
            "reference": message.reference,
            "address": message.address,
            "sender": message.sender,
            "subject": message.subject,
            "body": message.text,
            "opt_out_url": message.opt_out_url,
            "receipts_url": message.receipts_url,
        },
    }
