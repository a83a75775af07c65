"""Sign-in of a page: the code that the authorise page hands out."""

import secrets
from datetime import datetime

from homeground.sandbox.models import Contact, Member
from homeground.sandbox.models import OAuthCode as Code
from homeground.sandbox.services.wecom import clock
from homeground.sandbox.services.wecom.ids import new


def code_for(
    *,
    member: Member | None = None,
    contact: Contact | None = None,
    is_private: bool = False,
    at: datetime | None = None,
) -> str:
    """A code for whoever opened the page, good once and for 5 minutes. Neither given: a stranger with an openid."""
    openid = (contact.openid if contact else "") or new("o", 27)
    code = Code.objects.create(
        code=secrets.token_urlsafe(48),
        member=member,
        contact=contact,
        openid="" if member else openid,
        is_private=is_private,
        created_at=at or clock.now(),
    )
    return code.code
