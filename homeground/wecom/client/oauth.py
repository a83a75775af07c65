"""Who opened a page in the WeCom or WeChat client (document 91023)."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import text, userid
from homeground.wecom.models.corp import PLATFORM

_AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"


@dataclass(frozen=True)
class Visitor:
    """Who it is: a member (userid), a customer whom the app may see (external_userid), or somebody else (openid)."""

    userid: str
    external_userid: str
    openid: str


def authorize_url(
    corpid: str, redirect: str, state: str, agentid: str = "", scope: str = "snsapi_base", base_url: str = PLATFORM
) -> str:
    """Where the client is sent to be known; it comes back to `redirect` with code and state (letters and digits).

    base_url: of the corp; a platform of its own has its own page under it.
    """
    fields = {"appid": corpid, "redirect_uri": redirect, "response_type": "code", "scope": scope, "state": state}
    fields |= {"agentid": agentid} if agentid else {}
    page = _AUTHORIZE if base_url == PLATFORM else f"{base_url.rstrip('/')}/connect/oauth2/authorize"
    return f"{page}?{urlencode(fields, quote_via=quote)}#wechat_redirect"


def identity(api: Api, code: str) -> Visitor:
    """Whose code it is; single use, 5 minutes. Raises WeComError 40029 when it is not good."""
    answer = api.call("auth/getuserinfo", params={"code": code}, may_repeat=False)
    return Visitor(userid(answer), text(answer, "external_userid"), text(answer, "openid"))
