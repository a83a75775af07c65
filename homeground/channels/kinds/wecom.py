"""WeCom: mass sends that members of staff confirm, and Moments that they publish. One text for everybody.

Handing over is not sending: what the platform takes is `assigned`. The corp's own polling tells later what members
confirmed and whom it reached.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.channels.messages import Message, Outcome, Reason, assigned, failed, unknown
from homeground.wecom.client import Failure, WeComError
from homeground.wecom.errors import NotConnected
from homeground.wecom.models import MassSend, Moment
from homeground.wecom.queries import is_connected
from homeground.wecom.services import mass_sends, moments


class SettingsForm(forms.Form):
    """Nothing to fill in: the corp is connected on its own page."""

    def clean(self) -> dict[str, Any]:
        if not is_connected():
            raise ValidationError(_("还没有接入企业微信：请负责人先在「企业微信」页面接入。"))
        return self.cleaned_data


class WeComMass:
    """企业微信群发"""

    slug: str = "wecom_mass"
    label: Any = gettext_lazy("企业微信群发")
    address_kinds: Sequence[str] = ("wecom_external",)
    batch: int = 10_000  # Contacts of one mass send, by the platform's rule.
    is_shared: bool = True
    form: type[forms.Form] = SettingsForm
    secret_fields: Collection[str] = ()

    def deliver(self, settings: Mapping[str, Any], messages: Sequence[Message]) -> Iterator[Outcome]:
        first, to = messages[0], _reachable(messages)
        try:
            send = mass_sends.place(
                _key(messages),
                first.campaign_id,
                first.text,
                first.attachments,
                [(message.address, message.touch_id or None) for message in to],
                first.at,
                channel=first.channel,
                expires_at=first.expires_at,
            )
        except (NotConnected, Failure) as trouble:
            yield from (_not_taken(message, trouble) for message in messages)
            return
        refused = mass_sends.refused(send)
        is_known = send.state != MassSend.State.UNKNOWN
        taken = {message.touch_id for message in to if message.address not in refused}
        yield from (_told(message, message.touch_id in taken, is_known) for message in messages)

    def known(self, settings: Mapping[str, Any], sent: Mapping[str, int]) -> Mapping[str, bool]:
        return _by_key(sent, mass_sends.fates(list(sent.values())))


class WeComMoments:
    """朋友圈"""

    slug: str = "wecom_moments"
    label: Any = gettext_lazy("朋友圈")
    address_kinds: Sequence[str] = ("wecom_external",)
    batch: int = 100_000  # Customers of one post: all who are due at once see the same.
    is_shared: bool = True
    form: type[forms.Form] = SettingsForm
    secret_fields: Collection[str] = ()

    def deliver(self, settings: Mapping[str, Any], messages: Sequence[Message]) -> Iterator[Outcome]:
        first, to = messages[0], _reachable(messages)
        try:
            post = moments.place_for(
                _key(messages),
                first.text,
                first.attachments,
                [(message.address, message.touch_id or None) for message in to],
                first.at,
                campaign_id=first.campaign_id,
                channel=first.channel,
                expires_at=first.expires_at,
            )
        except (NotConnected, Failure) as trouble:
            yield from (_not_taken(message, trouble) for message in messages)
            return
        taken = moments.marked(post)
        is_known = post.state != Moment.State.UNKNOWN
        yield from (_told(message, message.touch_id in taken, is_known) for message in messages)

    def known(self, settings: Mapping[str, Any], sent: Mapping[str, int]) -> Mapping[str, bool]:
        return _by_key(sent, moments.fates(list(sent.values())))


WECOM_MASS, WECOM_MOMENTS = WeComMass(), WeComMoments()


def _key(messages: Sequence[Message]) -> str:
    """One name for the batch: the same touches, the same send."""
    keys = "\n".join(sorted(message.key for message in messages))
    return f"touches:{hashlib.sha256(keys.encode()).hexdigest()}"


def _reachable(messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if message.address]


def _told(message: Message, was_taken: bool, is_known: bool) -> Outcome:
    if not was_taken:
        return failed(message, Reason.REFUSED, _("平台不能把消息发给这位客户"))
    return assigned(message) if is_known else unknown(message)


def _not_taken(message: Message, trouble: NotConnected | Failure) -> Outcome:
    """Nothing went out. May it be tried again? Not when the platform refused the message itself."""
    if isinstance(trouble, NotConnected):
        return failed(message, Reason.BAD_SETTINGS, str(trouble), may_retry=True)
    if isinstance(trouble, WeComError):
        reason = Reason.BUSY if trouble.may_retry else Reason.REFUSED
        return failed(message, reason, f"{trouble.code} {trouble.sentence}", may_retry=trouble.may_retry)
    return failed(message, Reason.NOT_CONNECTED, str(trouble), may_retry=True)


def _by_key(sent: Mapping[str, int], fates: Mapping[int, bool]) -> dict[str, bool]:
    return {key: fates[touch] for key, touch in sent.items() if touch in fates}
