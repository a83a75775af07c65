"""Access tokens: one per secret and 7200 seconds; an admin may expire or withdraw them at will."""

import secrets
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare

from homeground.sandbox.models import AccessToken, App, Corp
from homeground.sandbox.services.wecom import clock
from homeground.sandbox.services.wecom.refusals import Refused

SECONDS = 7200


def issue(corp: Corp, corpid: str, secret: str, at: datetime) -> AccessToken:
    """The running token of this secret, or a new one. Raises Refused 40013 and 40001."""
    if corpid != corp.corpid:
        raise Refused(40013, "invalid corpid")
    app = _app(corp, secret)
    running = AccessToken.objects.filter(app=app, expires_at__gt=at, is_invalid=False).order_by("-expires_at").first()
    if running:
        return running
    AccessToken.objects.filter(expires_at__lt=at - timedelta(days=7)).delete()
    expires_at = at + timedelta(seconds=SECONDS)
    return AccessToken.objects.create(app=app, token=secrets.token_urlsafe(160), expires_at=expires_at)


def expire() -> int:
    """Let every running token expire now. Says how many."""
    at = clock.now()
    return AccessToken.objects.filter(expires_at__gt=at).update(expires_at=at)


def invalidate() -> int:
    """Withdraw every running token before its time. Says how many."""
    return AccessToken.objects.filter(expires_at__gt=clock.now(), is_invalid=False).update(is_invalid=True)


def _app(corp: Corp, secret: str) -> App:
    for app, own in ((App.CONTACT, corp.contact_secret), (App.AGENT, corp.secret)):
        if constant_time_compare(secret, own):
            return app
    raise Refused(40001, "invalid credential")
