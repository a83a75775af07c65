"""Tokens, tickets and who is at the other end: gettoken, OAuth, JS-SDK."""

import secrets
from datetime import timedelta
from typing import Any

from homeground.sandbox.models import JsTicket, OAuthCode, UserTicket
from homeground.sandbox.services.wecom import staff, tokens
from homeground.sandbox.services.wecom.fields import Given, text
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, get, post

_CODE = text("code", size=512, needed=41008)
_CODE_SECONDS = 300
_USER_TICKET_SECONDS = 1800
_NETWORKS = ["127.0.0.1", "::1"]  # The sandbox calls back from this machine.


@get("gettoken", text("corpid", needed=41002), text("corpsecret", needed=41004), needs_token=False)
def token(caller: Caller, given: Given) -> Answer:
    """The running token of a secret."""
    issued = tokens.issue(caller.corp, given["corpid"], given["corpsecret"], caller.at)
    left = int((issued.expires_at - caller.at).total_seconds())
    return {"access_token": issued.token, "expires_in": max(1, left)}


@get("getcallbackip")
def callback_addresses(_caller: Caller, _given: Given) -> Answer:
    """Where callbacks come from."""
    return {"ip_list": _NETWORKS}


@get("get_api_domain_ip")
def api_addresses(_caller: Caller, _given: Given) -> Answer:
    """Where the API is."""
    return {"ip_list": _NETWORKS}


@get("get_jsapi_ticket", per_hour=400)
def corp_ticket(caller: Caller, _given: Given) -> Answer:
    """The ticket that wx.config signs with."""
    return _ticket(caller, "corp")


@get("ticket/get", text("type", needed=91040, wrong=91040, among=["agent_config"]), per_hour=100)
def app_ticket(caller: Caller, _given: Given) -> Answer:
    """The ticket that agentConfig signs with."""
    return _ticket(caller, caller.app)


@get("auth/getuserinfo", _CODE)
def visitor(caller: Caller, given: Given) -> Answer:
    """Who opened the page: a member, a customer, or somebody unknown."""
    return _visitor(caller, given)


def _visitor(caller: Caller, given: Given) -> Answer:
    code = _use(caller, given["code"])
    if code.member:
        return {"userid": code.member.userid, **_user_ticket(caller, code)}
    if code.contact is None:
        return {"openid": code.openid}
    known = code.contact.friendships.filter(ended_at=None, member__in=staff.visible()).exists()
    about = {"external_userid": code.contact.external_userid} if known else {}
    return {"openid": code.contact.openid or code.openid, **about}


@get("user/getuserinfo", _CODE)
def visitor_of_old(caller: Caller, given: Given) -> Answer:
    """The same under its older names."""
    names = {"userid": "UserId", "openid": "OpenId"}
    return {"DeviceId": "", **{names.get(name, name): value for name, value in _visitor(caller, given).items()}}


@post("auth/getuserdetail", text("user_ticket", size=512, needed=84015, wrong=84015))
def details(caller: Caller, given: Given) -> Answer:
    """What a member granted: telephone, e-mail and the like."""
    ticket = UserTicket.objects.select_related("member").filter(ticket=given["user_ticket"]).first()
    if ticket is None:
        raise Refused(84015, "invalid user_ticket")
    if ticket.expires_at <= caller.at:
        raise Refused(84014, "user_ticket expired")
    member = ticket.member
    return {
        "userid": member.userid,
        "gender": str(member.gender),
        "avatar": member.avatar,
        "qr_code": f"{caller.base}qr/{member.userid}",
        "mobile": member.mobile,
        "email": member.email,
        "biz_mail": member.email,
        "address": "",
    }


def _ticket(caller: Caller, kind: str) -> Answer:
    ticket, fresh = JsTicket.objects.get_or_create(kind=kind, defaults=_fresh(caller))
    if not fresh and ticket.expires_at <= caller.at:
        for name, value in _fresh(caller).items():
            setattr(ticket, name, value)
        ticket.save()
    return {"ticket": ticket.ticket, "expires_in": int((ticket.expires_at - caller.at).total_seconds())}


def _fresh(caller: Caller) -> dict[str, Any]:
    return {"ticket": secrets.token_urlsafe(64), "expires_at": caller.at + timedelta(seconds=tokens.SECONDS)}


def _use(caller: Caller, given: str) -> OAuthCode:
    code = OAuthCode.objects.select_related("member", "contact").select_for_update(of=("self",)).filter(code=given)
    found = code.first()
    if found is None:
        raise Refused(40029, "invalid code")
    if found.used_at:
        raise Refused(42022, "code already used")
    if found.created_at + timedelta(seconds=_CODE_SECONDS) <= caller.at:
        raise Refused(42003, "code expired")
    found.used_at = caller.at
    found.save(update_fields=["used_at"])
    return found


def _user_ticket(caller: Caller, code: OAuthCode) -> Answer:
    if not code.is_private or code.member is None:
        return {}
    expires_at = caller.at + timedelta(seconds=_USER_TICKET_SECONDS)
    ticket = UserTicket.objects.create(ticket=secrets.token_urlsafe(96), member=code.member, expires_at=expires_at)
    return {"user_ticket": ticket.ticket, "expires_in": _USER_TICKET_SECONDS}
