"""Who looks at a customer's page, where they came through the platform's sign-in."""

from dataclasses import dataclass

from django.http import HttpRequest

SESSION_KEY = "wecom_visitor"


@dataclass(frozen=True)
class Visitor:
    """Somebody whom the platform named: a customer's external_userid, or with none of that an openid, or neither."""

    external_userid: str
    openid: str


def visitor(request: HttpRequest) -> Visitor | None:
    """Who this browser belongs to; None: nobody has asked yet, lead them through wecom_oauth:enter?for=customer."""
    kept = request.session.get(SESSION_KEY)
    return Visitor(str(kept[0]), str(kept[1])) if isinstance(kept, list) and len(kept) == 2 else None
