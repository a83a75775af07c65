"""What can be wrong between us and the platform, and how to mend each: what doctor and the corp's page show.

Words are those of the reader's language where the platform refused; the rest is doctor's English.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from homeground.core import time
from homeground.core.env import env
from homeground.wecom.client import (
    Api,
    Failure,
    WeComError,
    connect,
    groups,
    limits,
    links,
    moments,
    staff,
    tags,
    tokens,
)
from homeground.wecom.errors import NotConnected
from homeground.wecom.models import App, Callback, Corp, RateBudget

_SKEW_SECONDS = 5.0  # A welcome lives 20 s, a signed link minutes: a few seconds more would show.
_SILENT = timedelta(days=3)
_NEAR = 0.8

# What the product reads without changing anything; each right is missing or there by itself.
_READS: dict[str, Callable[[Api], object]] = {
    "customer contact": staff.follow_users,
    "tags": tags.tags,
    "group chats": lambda api: groups.list_page(api, owners=staff.follow_users(api)[:1]),
    "Moments": lambda api: moments.list_page(api, time.now() - timedelta(days=1), time.now()),
    "acquisition links": links.quota,
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. state: ok, warn (works, but mind it), fail. mend: what to do, empty when ok."""

    name: str
    state: str
    found: str
    mend: str = ""


def findings() -> Iterator[Finding]:
    """Everything, in the order in which it depends on each other; without a corp one line that says so."""
    corp = Corp.objects.first()
    if corp is None:
        yield Finding("WeCom", "ok", "no corp is connected; the sandbox has one to try")
        return
    yield Finding("WeCom", "ok", f"{corp.name or corp.corpid} at {corp.base_url}")
    works = [finding for slug in App.Slug.values for finding in _token(slug)]
    yield from works
    yield from _callbacks()
    yield from _budget()
    if all(finding.state == "ok" for finding in works):
        yield from _clock()
        yield from _rights()


def _token(slug: str) -> Iterator[Finding]:
    name = f"WeCom token ({slug})"
    try:
        api = connect(slug)
        tokens.current(api.http, api.keys)
    except (Failure, NotConnected) as failure:
        yield Finding(name, "fail", *_words(failure))
    else:
        yield Finding(name, "ok", "works")


def _callbacks() -> Iterator[Finding]:
    address = f"{env.base_url.rstrip('/')}/callbacks/wecom/{App.Slug.CONTACT}"
    keys = App.objects.filter(slug=App.Slug.CONTACT).exclude(sealed_callback_token="").exclude(sealed_aes_key="")
    if not keys.exists():
        mend = f"set Token and EncodingAESKey in WeCom's console with the address {address}, and enter them here too"
        yield Finding("WeCom callbacks", "warn", "no Token and EncodingAESKey", mend)
        return
    newest = Callback.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    since = time.now() - newest if newest else None
    good = since is not None and since < _SILENT
    mend = f"see in WeCom's console that callbacks go to {address} and that it answers from outside"
    found = f"the last one {newest:%Y-%m-%d %H:%M} UTC" if newest else "none has come yet"
    yield Finding("WeCom callbacks", "ok" if good else "warn", found, "" if good else mend)


def _budget() -> Iterator[Finding]:
    at = time.now()
    blocked = RateBudget.objects.filter(blocked_until__gt=at).order_by("api")
    full = [row.api for row in RateBudget.objects.filter(hour_at__gt=at - timedelta(hours=1)) if _is_near(row)]
    if blocked:
        found = ", ".join(f"{row.api} until {row.blocked_until:%H:%M:%S} UTC" for row in blocked)
        yield Finding("WeCom rate", "warn", f"blocked by the platform: {found}", "wait: calls go on by themselves")
    elif full:
        mend = "something calls much more than usual: see the sync and the running campaigns"
        yield Finding("WeCom rate", "warn", f"over 80 % of the hour: {', '.join(full)}", mend)
    else:
        yield Finding("WeCom rate", "ok", "far from the limits")


def _is_near(row: RateBudget) -> bool:
    limit = limits.of(row.api)
    return limit is not None and row.in_hour > limit.per_hour * _NEAR


def _clock() -> Iterator[Finding]:
    there = _their_clock(connect())
    if there is None:
        return
    apart = abs((there - datetime.now(UTC)).total_seconds())
    good = apart <= _SKEW_SECONDS
    yield Finding(
        "WeCom clock",
        "ok" if good else "fail",
        f"{apart:.0f} s apart",
        "" if good else "set this machine's clock by NTP",
    )


def _their_clock(api: Api) -> datetime | None:
    try:
        date = api.http.head("").headers.get("date", "")
        return parsedate_to_datetime(date)
    except (httpx.HTTPError, ValueError):
        return None


def _rights() -> Iterator[Finding]:
    api, missing = connect(patience=timedelta(0)), []
    for name, read in _READS.items():
        try:
            read(api)
        except Failure as failure:
            missing.append((name, *_words(failure)))
    for name, found, mend in missing:
        yield Finding(f"WeCom right: {name}", "warn", found, mend)
    if not missing:
        yield Finding("WeCom rights", "ok", ", ".join(_READS))


def _words(failure: Failure | NotConnected) -> tuple[str, str]:
    if isinstance(failure, WeComError):
        return f"{failure.sentence} ({failure.code})", failure.remedy
    return str(failure), "see the WeCom page"
