"""The platform's answers to the client, played: contact ways, join ways and links as the documents say."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from homeground.core.secrets import seal
from homeground.wecom.client import transport
from homeground.wecom.models import App, Corp
from tests.growth.world import LONG_AGO

Answer = dict[str, Any]


class Platform:
    """What it has, what it was asked, and what goes wrong next."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.failing: dict[str, Callable[[], httpx.Response]] = {}
        self.doing: Callable[[], None] = lambda: None

    def asked(self, ending: str) -> list[dict[str, Any]]:
        return [body for path, body in self.calls if path.endswith(ending)]

    def refuse(self, ending: str, code: int) -> None:
        self.failing[ending] = lambda: httpx.Response(200, json={"errcode": code, "errmsg": "no"})

    def vanish(self, ending: str) -> None:
        """It does what was asked, and the answer is lost."""

        def lost() -> httpx.Response:
            raise httpx.ReadTimeout("lost")

        self.failing[ending] = lost

    def handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.partition("/cgi-bin/")[2]
        if path == "gettoken":
            return httpx.Response(200, json={"errcode": 0, "access_token": "t" * 20, "expires_in": 7200})
        is_json = request.content[:1] == b"{"
        body = json.loads(request.content) if is_json else {}
        self.calls.append((path, body))
        self.doing()
        ending = path.rsplit("/", 1)[-1]
        failing = self.failing.pop(ending, None)
        answer = getattr(self, ending)(body) if not failing or "lost" in failing.__qualname__ else {}
        return failing() if failing else httpx.Response(200, json={"errcode": 0, "errmsg": "ok"} | answer)

    def add_contact_way(self, body: Answer) -> Answer:
        config_id = f"cfg{len(self.things) + 1}"
        self.things[config_id] = body
        return {"config_id": config_id, "qr_code": f"weixin://qr/{config_id}"}

    def update_contact_way(self, body: Answer) -> Answer:
        self.things[body["config_id"]] |= body
        return {}

    def del_contact_way(self, body: Answer) -> Answer:
        self.things.pop(body["config_id"])
        return {}

    def list_contact_way(self, body: Answer) -> Answer:
        return {"contact_way": [{"config_id": key} for key in self.things]}

    def get_contact_way(self, body: Answer) -> Answer:
        key = body["config_id"]
        return {"contact_way": {"config_id": key, "qr_code": f"weixin://qr/{key}", **self.things[key]}}

    add_join_way = add_contact_way
    update_join_way = update_contact_way
    del_join_way = del_contact_way

    def get_join_way(self, body: Answer) -> Answer:
        key = body["config_id"]
        return {"join_way": {"config_id": key, "qr_code": f"weixin://qr/{key}", **self.things[key]}}

    def create_link(self, body: Answer) -> Answer:
        link_id = f"ca{len(self.things) + 1}"
        self.things[link_id] = body
        link = {"link_id": link_id, "link_name": body["link_name"], "url": f"https://work.weixin.qq.com/ca/{link_id}"}
        return {"link": link}

    def update_link(self, body: Answer) -> Answer:
        self.things[body["link_id"]] |= body
        return {}

    def delete_link(self, body: Answer) -> Answer:
        self.things.pop(body["link_id"])
        return {}

    def uploadimg(self, body: Answer) -> Answer:
        return {"url": "https://wework.qpic.cn/wwpic/1"}

    def upload(self, body: Answer) -> Answer:
        return {"type": "image", "media_id": f"media{len(self.calls)}", "created_at": "1"}


@contextmanager
def playing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """A connected corp whose platform is played."""
    played = Platform()
    http = httpx.Client(base_url="https://played.test/", transport=httpx.MockTransport(played.handle))
    monkeypatch.setattr(transport, "pooled", lambda base_url: http)
    Corp.objects.create(pk=1, corpid="ww1", base_url="https://played.test/", connected_at=LONG_AGO)
    App.objects.create(slug="contact", sealed_secret=seal("s"))
    yield played
    http.close()
