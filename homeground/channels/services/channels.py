"""The channels themselves: those of a new deployment, their settings, on and off."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from homeground.channels.errors import BadSettings
from homeground.channels.kinds import KINDS, SHARED
from homeground.channels.models import Channel
from homeground.wecom.queries import is_connected

# Slug, kind and name of the channels of a new deployment.
_DEFAULTS = (
    ("wecom", "wecom_mass", "企业微信群发"),
    ("moments", "wecom_moments", "朋友圈"),
    ("phone", "phone", "手机消息"),
    ("email", "email", "邮件"),
    ("webhook", "webhook", "Webhook"),
)


def install_defaults() -> None:
    """The channels of a new deployment: phone, ready by the sandbox; the others off until they are configured.

    Those of WeCom are off until a corp is connected. A repeat changes nothing that is there.
    """
    rows = [_default(*default) for default in _DEFAULTS]
    Channel.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def configure(channel: Channel, settings: Mapping[str, Any], **fields: Any) -> None:
    """Replace settings and fields. A secret that is left out or empty stays as it was. Raises BadSettings."""
    kind = KINDS[channel.kind]
    kept = Channel.objects.select_for_update().get(pk=channel.pk).settings
    given = {name: value for name, value in settings.items() if value or name not in kind.secret_fields}
    form = kind.form({**{name: kept.get(name, "") for name in kind.secret_fields}, **given})
    if not form.is_valid():
        raise BadSettings(_("配置有误：%s") % "；".join(_complaints(form)))
    channel.settings = form.cleaned_data
    for name, value in fields.items():
        setattr(channel, name, value)
    channel.save()


def switch(channel: Channel, *, is_enabled: bool) -> None:
    """Turn a channel on or off. Raises BadSettings when it could not send yet."""
    if is_enabled and not is_ready(channel):
        raise BadSettings(_("请先完成渠道配置，再启用。"))
    Channel.objects.filter(pk=channel.pk).update(is_enabled=is_enabled)
    channel.is_enabled = is_enabled


def switch_on_wecom() -> None:
    """A corp was connected: its channels can send now."""
    Channel.objects.filter(kind__in=SHARED).update(is_enabled=True)


def is_ready(channel: Channel) -> bool:
    """Whether its settings suffice to send."""
    return KINDS[channel.kind].form(channel.settings).is_valid()


def sandbox_secret() -> str:
    """What the sandbox of this deployment signs with; it finds the same from the deployment's key."""
    return salted_hmac("homeground.sandbox", "phone", algorithm="sha256").hexdigest()


def _default(slug: str, kind: str, name: str) -> Channel:
    channel = Channel(slug=slug, name=name, kind=kind, address_kinds=list(KINDS[kind].address_kinds))
    if kind in SHARED:
        channel.settings, channel.is_enabled = {}, is_connected()
    if slug == "phone":
        channel.is_enabled = True
        channel.settings = {"base_url": "", "secret": sandbox_secret(), "timeout_seconds": 10, "allowed_hosts": ""}
    return channel


def _complaints(form: Any) -> list[str]:
    return [f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items()]
