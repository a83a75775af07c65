"""Connecting the corp: check what was typed by asking the platform, then keep it, sealed."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.translation import gettext as _

from homeground.core import outside, time
from homeground.core.secrets import seal, unseal
from homeground.wecom.client import Failure, budget, tokens, transport
from homeground.wecom.errors import CannotConnect
from homeground.wecom.models import App, Corp, ExternalContact
from homeground.wecom.models.corp import PLATFORM, SANDBOX

Work = Callable[[], None]
_afterwards: list[Work] = []
_CALLBACK_TOKEN = re.compile(r"[0-9A-Za-z]{3,32}")
_KEY_CHARACTERS, _KEY_BYTES = 43, 32


@dataclass(frozen=True)
class _Given:
    """What one app is to be, in plain text."""

    slug: str
    secret: str
    agentid: str = ""
    callback_token: str = ""
    aes_key: str = ""


def at_connecting(work: Work) -> None:
    """Do this after each connecting, once it is committed. Rooms above register here when the program starts."""
    _afterwards.append(work)


def connect_corp(
    *,
    corpid: str,
    contact_secret: str,
    secret: str = "",
    agentid: str = "",
    token: str = "",
    aes_key: str = "",
    base_url: str = PLATFORM,
    name: str = "",
) -> Corp:
    """Connect the corp, once both apps' secrets have fetched a token each. A repeat changes nothing.

    secret, agentid: of the staff's app; empty: the contact app serves for both.
    token, aes_key: of the callbacks, the same at both apps.
    Raises CannotConnect, with nothing written, when something does not fit or the platform refuses it.
    """
    place = _address(base_url)
    given = [
        _Given(App.Slug.CONTACT, contact_secret.strip(), agentid.strip(), token.strip(), aes_key.strip()),
        _Given(App.Slug.AGENT, (secret or contact_secret).strip(), agentid.strip(), token.strip(), aes_key.strip()),
    ]
    _refuse(corpid.strip(), given)
    for one in {app.secret: app for app in given}.values():
        _check(place, corpid.strip(), one)
    return _keep(corpid.strip(), place, name.strip(), given)


def follow_home(address: str) -> bool:
    """The sandbox corp of this deployment moved with it, to another port: look for it there. Whether it was found.

    It is ours when it takes the secret that we hold; any other corp stays where it is.
    """
    corp, app = Corp.objects.first(), App.objects.filter(slug=App.Slug.CONTACT).first()
    home = address.rstrip("/") + SANDBOX
    if corp is None or app is None or corp.base_url == home or not _is_sandbox(corp.base_url):
        return False
    try:
        tokens.fetch(transport.pooled(home), corp.corpid, _plain(app.sealed_secret) or "")
    except Failure:
        return False
    return bool(Corp.objects.filter(pk=corp.pk, base_url=corp.base_url).update(base_url=home))


def _is_sandbox(base_url: str) -> bool:
    place = urlsplit(base_url)
    return place.path == SANDBOX and place.hostname in ("127.0.0.1", "localhost", "::1")


def _address(text: str) -> str:
    """The base URL, ending in a slash. Its host is the owner's own choice, private or not."""
    url = text.strip().rstrip("/") + "/"
    try:
        outside.resolve(url, allowed_hosts=[urlsplit(url).hostname or ""])
    except (ValueError, outside.AddressRefused, outside.NotConnected) as error:
        raise CannotConnect(_("接口地址无法使用：%s") % error) from error
    return url


def _refuse(corpid: str, given: list[_Given]) -> None:
    if not corpid or not given[0].secret:
        raise CannotConnect(_("请填写企业 ID 和客户联系应用的 Secret。"))
    if given[0].agentid and not given[0].agentid.isdigit():
        raise CannotConnect(_("应用 ID（AgentId）是一串数字。"))
    if given[0].callback_token and not _CALLBACK_TOKEN.fullmatch(given[0].callback_token):
        raise CannotConnect(_("回调 Token 由 3 到 32 位字母和数字组成。"))
    if given[0].aes_key and not _is_key(given[0].aes_key):
        raise CannotConnect(_("EncodingAESKey 是 43 位字母和数字，请从企业微信后台原样复制。"))
    before = Corp.objects.first()
    if before and before.corpid != corpid and ExternalContact.objects.exists():
        raise CannotConnect(_("这里已经有另一家企业（%s）的客户。一个部署只服务一家企业。") % before.corpid)


def _is_key(text: str) -> bool:
    # The last character's spare bits may be anything: the decoder is lenient about them.
    try:
        return len(text) == _KEY_CHARACTERS and len(base64.b64decode(text + "=", validate=True)) == _KEY_BYTES
    except ValueError:  # Also binascii's own.
        return False


def _check(place: str, corpid: str, app: _Given) -> None:
    try:
        token, _seconds = tokens.fetch(transport.pooled(place), corpid, app.secret)
    except Failure as failure:
        raise CannotConnect(str(failure)) from failure
    if not token:
        raise CannotConnect(_("接口没有给出令牌，请核对接口地址。"))


@transaction.atomic
def _keep(corpid: str, place: str, name: str, given: list[_Given]) -> Corp:
    corp = Corp.objects.select_for_update().filter(pk=1).first()
    fields = {"corpid": corpid, "base_url": place} | ({"name": name} if name else {})
    if corp is None or any(getattr(corp, field) != value for field, value in fields.items()):
        is_other = corp is None or (corp.corpid, corp.base_url) != (corpid, place)
        corp, _made = Corp.objects.update_or_create(
            pk=1, defaults=fields | ({"connected_at": time.now()} if is_other else {})
        )
        if is_other:
            App.objects.update(sealed_access_token="", expires_at=None)
    for app in given:
        _keep_app(app)
    budget.forget()
    for work in _afterwards:
        transaction.on_commit(work)
    return corp


def _keep_app(given: _Given) -> None:
    row = App.objects.filter(slug=given.slug).first() or App(slug=given.slug)
    sealed: Mapping[str, str] = {
        "sealed_secret": given.secret,
        "sealed_callback_token": given.callback_token,
        "sealed_aes_key": given.aes_key,
    }
    changes = {field: seal(text) for field, text in sealed.items() if text and _plain(getattr(row, field)) != text}
    if given.agentid and row.agentid != given.agentid:
        changes["agentid"] = given.agentid
    if "sealed_secret" in changes:
        row.sealed_access_token, row.expires_at = "", None
    for field, value in changes.items():
        setattr(row, field, value)
    if changes:
        row.save()


def _plain(sealed: str) -> str | None:
    try:
        return unseal(sealed) if sealed else None
    except InvalidToken:
        return None
