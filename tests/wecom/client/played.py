"""A platform played in memory: it keeps what was asked and answers what a test says."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

CORPID, SECRET, CONTACT_SECRET = "ww1234567890abcdef", "staff-secret", "contact-secret"
BASE_URL = "http://127.0.0.1:9/sandbox/wecom/"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
Answer = dict[str, Any] | httpx.Response | Exception | Callable[["Asked"], Any]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    params: dict[str, str]
    body: Any
    raw: bytes
    headers: dict[str, str]


@dataclass
class Played:
    """answers: by path below cgi-bin/; a list is given one by one, its last for ever after."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tokens: int = 0
    lifetime: int = 7200
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = _asked(request)
        with self.lock:
            self.asked.append(asked)
            answer = self._answer(asked)
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"} | answer)

    def calls(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    @property
    def last(self) -> Asked:
        return self.asked[-1]

    def _answer(self, asked: Asked) -> Any:
        if asked.path in self.answers:
            given = self.answers[asked.path]
            return (given.pop(0) if len(given) > 1 else given[0]) if isinstance(given, list) else given
        if asked.path == "gettoken":
            return self._token(asked)
        return {}

    def _token(self, asked: Asked) -> dict[str, Any]:
        if asked.params["corpid"] != CORPID:
            return {"errcode": 40013, "errmsg": "invalid corpid"}
        if asked.params["corpsecret"] not in (SECRET, CONTACT_SECRET):
            return {"errcode": 40001, "errmsg": "invalid credential"}
        self.tokens += 1
        return {"access_token": f"token-{self.tokens}", "expires_in": self.lifetime}


def error(code: int) -> dict[str, Any]:
    """An answer as the platform refuses: nobody may rely on its words."""
    return {"errcode": code, "errmsg": f"words, hint: [1_2_{'a' * 32}], from ip: 1.2.3.4, more info at …?e={code}"}


def _asked(request: httpx.Request) -> Asked:
    content = request.read()
    try:
        body = json.loads(content) if content else None
    except ValueError:
        body = None
    path = request.url.path.partition("/cgi-bin/")[2]
    return Asked(request.method, path, dict(request.url.params), body, content, dict(request.headers))
