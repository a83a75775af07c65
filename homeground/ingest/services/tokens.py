"""API tokens: made, checked at every request, revoked."""

import hashlib
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import Q

from homeground.core import time
from homeground.ingest.errors import BadToken, BadTokenName, NoSuchToken, TokenNameTaken, UnknownScope
from homeground.ingest.models import Scope, Token

_SECONDS_KEPT = 5.0  # A revoked token works at most this long in a process that has just seen it.
_MOST_KEPT = 1000
_LONGEST_NAME = 60
_lock = threading.Lock()
_seen: dict[str, tuple[float, "Allowed"]] = {}


@dataclass(frozen=True)
class Allowed:
    """A token that was found valid."""

    token_id: int
    scopes: frozenset[str]


def create_token(name: str, scopes: Sequence[str]) -> str:
    """Make a token and return its text: this is the only time it can be read.

    Raises BadTokenName, TokenNameTaken or UnknownScope, with nothing written.
    """
    for scope in scopes or [""]:
        if scope not in Scope.values:
            raise UnknownScope(scope, Scope.values)
    text = "hg_" + secrets.token_urlsafe(32)
    token = Token(name=_checked(name), scopes=sorted(set(scopes)), digest=_digest(text))
    try:
        with transaction.atomic():
            token.save()
    except IntegrityError:
        raise TokenNameTaken(name) from None
    return text


def revoke_token(name: str) -> None:
    """End a token. Raises NoSuchToken when none of that name is valid."""
    if not Token.objects.filter(name=name, revoked_at=None).update(revoked_at=time.now()):
        raise NoSuchToken(name)
    forget_tokens()


def check_token(text: str, scope: str) -> Allowed:
    """The token of this text, when it allows the scope. Raises BadToken."""
    digest = _digest(text)
    allowed = _remembered(digest) or _found(digest)
    if not allowed or scope not in allowed.scopes:
        raise BadToken
    return allowed


def forget_tokens() -> None:
    """Drop what this process remembers of valid tokens."""
    with _lock:
        _seen.clear()


def _checked(name: str) -> str:
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadTokenName(_LONGEST_NAME)
    return name.strip()


def _remembered(digest: str) -> Allowed | None:
    until, allowed = _seen.get(digest, (0.0, None))
    return allowed if until > monotonic() else None


def _found(digest: str) -> Allowed | None:
    token = Token.objects.filter(digest=digest, revoked_at=None).first()
    if not token:
        return None
    _note_use(token.pk, time.now().date())
    allowed = Allowed(token.pk, frozenset(token.scopes))
    with _lock:
        if len(_seen) >= _MOST_KEPT:
            _seen.clear()
        _seen[digest] = (monotonic() + _SECONDS_KEPT, allowed)
    return allowed


def _note_use(token_id: int, today: date) -> None:
    stale = Q(last_used_on=None) | Q(last_used_on__lt=today)
    Token.objects.filter(stale, pk=token_id).update(last_used_on=today)


def _digest(text: str) -> str:
    # A token has 256 random bits: a plain hash is enough, no salt, no slow function.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
