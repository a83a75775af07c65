import hashlib
from datetime import UTC, date, datetime

import pytest

from homeground.core import time
from homeground.ingest.errors import BadToken, BadTokenName, NoSuchToken, TokenNameTaken, UnknownScope
from homeground.ingest.models import Token
from homeground.ingest.services import tokens
from homeground.ingest.services.tokens import check_token, create_token, forget_tokens, revoke_token

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_own_scope_only():
    text = create_token("shop", ["ingest"])

    assert check_token(text, "ingest").scopes == {"ingest"}
    with pytest.raises(BadToken):
        check_token(text, "manage")


def test_only_the_hash_is_kept():
    text = create_token("shop", ["ingest"])

    assert text.startswith("hg_")
    assert len(text) >= 46  # 256 bits and the prefix.
    assert Token.objects.get().digest == hashlib.sha256(text.encode()).hexdigest()
    assert text not in str(Token.objects.values())


@pytest.mark.parametrize("text", ["", "hg_", "hg_wrong", "\x00", "\ud800", "令牌" * 1000])
def test_a_wrong_token_is_refused(text):
    with pytest.raises(BadToken):
        check_token(text, "ingest")


def test_a_name_is_used_once():
    create_token("shop", ["ingest"])

    with pytest.raises(TokenNameTaken):
        create_token("shop", ["read"])
    assert Token.objects.get().scopes == ["ingest"]


@pytest.mark.parametrize("scopes", [[], ["everything"], ["ingest", ""]])
def test_an_unknown_scope_is_refused(scopes):
    with pytest.raises(UnknownScope):
        create_token("shop", scopes)
    assert not Token.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "a\x00b", "a\nb"])
def test_a_name_that_cannot_be_shown_is_refused(name):
    with pytest.raises(BadTokenName):
        create_token(name, ["ingest"])


def test_a_revoked_token_stops_working():
    text = create_token("shop", ["ingest"])
    check_token(text, "ingest")

    revoke_token("shop")

    with pytest.raises(BadToken):
        check_token(text, "ingest")
    with pytest.raises(NoSuchToken):
        revoke_token("shop")


def test_a_token_revoked_by_another_process_works_for_seconds_at_most(monkeypatch):
    text = create_token("shop", ["ingest"])
    check_token(text, "ingest")
    Token.objects.update(revoked_at=datetime(2026, 1, 1, tzinfo=UTC))

    later = tokens.monotonic() + 10
    monkeypatch.setattr(tokens, "monotonic", lambda: later)

    with pytest.raises(BadToken):
        check_token(text, "ingest")


def test_the_last_use_is_kept_to_the_day(monkeypatch):
    text = create_token("shop", ["ingest"])
    monkeypatch.setattr(time, "now", lambda: datetime(2026, 3, 1, 23, 59, tzinfo=UTC))

    check_token(text, "ingest")
    assert Token.objects.get().last_used_on == date(2026, 3, 1)

    monkeypatch.setattr(time, "now", lambda: datetime(2026, 3, 2, tzinfo=UTC))
    forget_tokens()
    check_token(text, "ingest")
    assert Token.objects.get().last_used_on == date(2026, 3, 2)
