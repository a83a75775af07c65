"""The way to the platform: token, budget, retries and errors around every call."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import sleep
from typing import Any

import httpx

from homeground.wecom.client import budget, tokens, transport
from homeground.wecom.client.errors import Remedy, known
from homeground.wecom.client.failures import OVER_RATE, Failure, FateUnknown, QuotaFull, Unreachable, WeComError
from homeground.wecom.client.tokens import Keys
from homeground.wecom.client.transport import Files, Request
from homeground.wecom.errors import NotConnected
from homeground.wecom.models import App, Corp

_TRIES = 4  # The call and at most three repeats.
_PAUSE_SECONDS = 0.25  # Doubled at each repeat, and spread by chance.


@dataclass(frozen=True)
class Api:
    """One app of the corp, ready to call. Threads may share it.

    patience: how long a call may wait for its rate budget before QuotaFull.
    """

    keys: Keys
    base_url: str
    agentid: str = ""
    patience: timedelta = timedelta(seconds=70)
    http: httpx.Client = field(repr=False, compare=False, kw_only=True)

    @property
    def corpid(self) -> str:
        return self.keys.corpid

    def call(
        self,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        files: Files | None = None,
        may_repeat: bool | None = None,
    ) -> dict[str, Any]:
        """Call one API and give its answer's fields.

        path: below /cgi-bin/. A body or files make it a POST.
        may_repeat: the call changes nothing, so it may go out again when no answer came; left out: a GET may.
        Raises WeComError, Unreachable or FateUnknown; a call that changes something is then not sent again.
        """
        reads = body is None and files is None if may_repeat is None else may_repeat
        return _tried(self, Request(path, params or {}, body, files, reads))

    def read(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A POST that changes nothing."""
        return self.call(path, body=body, may_repeat=True)


def connect(app: str = App.Slug.CONTACT, patience: timedelta = timedelta(seconds=70)) -> Api:
    """The connected corp's app. Raises NotConnected."""
    corp, row = Corp.objects.first(), App.objects.filter(slug=app).first()
    if corp is None or row is None:
        raise NotConnected
    keys = Keys(row.pk, corp.corpid, row.sealed_secret)
    return Api(keys, corp.base_url, row.agentid, patience, http=transport.pooled(corp.base_url))


def _tried(api: Api, request: Request) -> dict[str, Any]:
    has_new_token = False
    for repeats in range(_TRIES):
        budget.take(request.api, api.patience)
        token = tokens.current(api.http, api.keys)
        try:
            return transport.exchange(api.http, request, token)
        except WeComError as refusal:
            if known(refusal.code).mend is Remedy.REFRESH and not has_new_token:
                tokens.renewed(api.http, api.keys, stale=token)
                has_new_token = True
                continue
            _pause_or_raise(refusal, request, repeats)
        except (Unreachable, FateUnknown) as failure:
            _pause_or_raise(failure, request, repeats)
    raise AssertionError("the last try returns or raises")


def _pause_or_raise(failure: Failure, request: Request, repeats: int) -> None:
    if isinstance(failure, WeComError) and failure.code == OVER_RATE:
        until = budget.block(request.api)
        if repeats + 1 == _TRIES:
            raise QuotaFull(request.api, until) from failure
        return  # The budget waits, or refuses.
    if repeats + 1 == _TRIES or not _helps(failure, request):
        raise failure
    sleep(_PAUSE_SECONDS * 2**repeats * random.uniform(0.5, 1.5))


def _helps(failure: Failure, request: Request) -> bool:
    """A repeat at once may help and can do no harm."""
    if isinstance(failure, WeComError):
        return known(failure.code).mend is Remedy.RETRY
    return isinstance(failure, Unreachable) or request.may_repeat
