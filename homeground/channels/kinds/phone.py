"""A gateway that takes messages to phones in batches by HTTP: this deployment's sandbox, or one that speaks as it does.

POST {base_url}/phone/messages {"messages": [{"key", "reference", "address", "sender", "subject", "body", "at"}],
"receipts_url"}, signed by the Standard Webhooks scheme → {"results": [{"key", "status": accepted|duplicate|refused,
"reason"}]}. POST {base_url}/phone/known {"keys"} → {"arrived": [keys]}.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.channels.messages import Message, Outcome, Reason, failed, sent, unknown
from homeground.core import outside, time, webhooks
from homeground.core.env import env

_BYTES = 2 * 1024 * 1024  # Of one request; a gateway refuses more than 5 MB.
_BUSY = (429, 503)


class SettingsForm(forms.Form):
    """Where the gateway is, and what proves to each that the other is meant."""

    base_url = forms.URLField(
        label=_("网关地址"), required=False, assume_scheme="https", help_text=_("留空：使用本机沙盒手机。")
    )
    secret = forms.CharField(label=_("签名密钥"), max_length=200, help_text=_("网关的回执也用它签名。"))
    timeout_seconds = forms.FloatField(label=_("等待秒数"), min_value=0.1, max_value=60, initial=10)
    allowed_hosts = forms.CharField(
        label=_("允许的内网主机"),
        required=False,
        help_text=_("网关在内网时填写，如 gateway.lan:8080；多个用空格分隔。"),
    )


class Phone:
    """手机: text messages to phones, by batches."""

    slug: str = "phone"
    label: Any = _("手机消息")
    address_kinds: Sequence[str] = ("phone", "wecom_external", "openid", "member_no")
    batch: int = 1000
    is_shared: bool = False
    form: type[forms.Form] = SettingsForm
    secret_fields: Collection[str] = ("secret",)

    def deliver(self, settings: Mapping[str, Any], messages: Sequence[Message]) -> Iterator[Outcome]:
        for part in _parts(messages):
            yield from _deliver(settings, part)

    def known(self, settings: Mapping[str, Any], sent: Mapping[str, int]) -> Mapping[str, bool]:
        told: dict[str, bool] = {}
        keys = list(sent)
        for start in range(0, len(keys), self.batch):
            told |= _known(settings, keys[start : start + self.batch])
        return told


PHONE = Phone()


def _known(settings: Mapping[str, Any], keys: Sequence[str]) -> dict[str, bool]:
    try:
        answer = _call(settings, "known", {"keys": list(keys)})
        arrived = set(json.loads(answer.body)["arrived"]) if answer.status == 200 else None
    except (outside.AddressRefused, outside.NotConnected, outside.NoAnswer, ValueError, KeyError, TypeError):
        return {}
    return {} if arrived is None else {key: key in arrived for key in keys}


def _parts(messages: Sequence[Message]) -> Iterator[list[Message]]:
    part: list[Message] = []
    size = 0
    for message in messages:
        weight = 4 * (len(message.body) + len(message.subject)) + 500
        if part and size + weight > _BYTES:
            yield part
            part, size = [], 0
        part.append(message)
        size += weight
    if part:
        yield part


def _deliver(settings: Mapping[str, Any], messages: Sequence[Message]) -> list[Outcome]:
    try:
        answer = _call(settings, "messages", _document(messages))
    except outside.AddressRefused as refusal:
        return [failed(message, Reason.BAD_SETTINGS, str(refusal), may_retry=True) for message in messages]
    except outside.NotConnected as trouble:
        return [failed(message, Reason.NOT_CONNECTED, str(trouble), may_retry=True) for message in messages]
    except outside.NoAnswer as trouble:
        return [unknown(message, str(trouble)) for message in messages]
    return _outcomes(answer, messages)


def _outcomes(answer: outside.Answer, messages: Sequence[Message]) -> list[Outcome]:
    if answer.status in _BUSY:
        return [failed(message, Reason.BUSY, str(answer.status), may_retry=True) for message in messages]
    if answer.status >= 500:
        return [unknown(message, str(answer.status)) for message in messages]
    if answer.status != 200:
        return [failed(message, Reason.REFUSED, str(answer.status)) for message in messages]
    results = _results(answer.body)
    return [_outcome(message, results.get(message.key)) for message in messages]


def _results(body: bytes) -> dict[str, Mapping[str, str]]:
    try:
        return {result["key"]: result for result in json.loads(body)["results"]}
    except (ValueError, KeyError, TypeError):
        return {}


def _outcome(message: Message, result: Mapping[str, str] | None) -> Outcome:
    if result is None:
        return unknown(message, "the gateway did not name it")
    if result.get("status") in ("accepted", "duplicate"):
        return sent(message)
    return failed(message, Reason.REFUSED, str(result.get("reason", "")))


def _document(messages: Sequence[Message]) -> dict[str, Any]:
    return {"messages": [_told(message) for message in messages], "receipts_url": messages[0].receipts_url}


def _told(message: Message) -> dict[str, str]:
    return {
        "key": message.key,
        "reference": message.reference,
        "address": message.address,
        "sender": message.sender,
        "subject": message.subject,
        "body": message.text,
        "at": message.at.isoformat(),
    }


def _call(settings: Mapping[str, Any], what: str, document: dict[str, Any]) -> outside.Answer:
    base_url = settings.get("base_url") or f"{env.base_url}/sandbox"
    own = [] if settings.get("base_url") else [env.base_url.partition("://")[2].rstrip("/")]
    body = json.dumps(document, ensure_ascii=False).encode()
    headers = webhooks.sign(settings["secret"], f"msg_{uuid4().hex}", time.now(), body)
    return outside.post(
        f"{base_url.rstrip('/')}/phone/{what}",
        body,
        headers | {"content-type": "application/json"},
        seconds=float(settings.get("timeout_seconds") or 10),
        allowed_hosts=[*own, *str(settings.get("allowed_hosts", "")).split()],
    )
