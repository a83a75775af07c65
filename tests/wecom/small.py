"""A platform of a few contacts and groups in memory, with failures to order."""

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

PAGE = 2


@dataclass
class SmallPlatform:
    """contacts: external_userid → (external_contact, {userid: follow}); groups, tag_groups as the platform gives them.

    failures: path → what to answer instead, one by one: an errcode, a whole response, an exception.
    """

    staff: list[str] = field(default_factory=list)
    contacts: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    tag_groups: list[dict[str, Any]] = field(default_factory=list)
    failures: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.partition("/cgi-bin/")[2]
        given = dict(parse_qsl(request.url.query.decode())) | (json.loads(request.content) if request.content else {})
        with self.lock:
            self.asked.append((path, given))
            failure = self.failures[path].pop(0) if self.failures[path] else None
            if failure is None:
                return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"} | self._answer(path, given))
        if isinstance(failure, Exception):
            raise failure
        if isinstance(failure, httpx.Response):
            return failure
        return httpx.Response(200, json={"errcode": failure, "errmsg": "played"})

    def befriend(self, userid: str, external: str, at: int, **details: Any) -> None:
        person = {"external_userid": external, "name": details.pop("name", external), "type": 1, "gender": 0}
        _known, follows = self.contacts.setdefault(external, (person, {}))
        follows[userid] = {"userid": userid, "createtime": at, "remark": "", "add_way": 1, "tags": []} | details
        if userid not in self.staff:
            self.staff.append(userid)

    def part(self, userid: str, external: str) -> None:
        del self.contacts[external][1][userid]

    def calls(self, path: str) -> list[dict[str, Any]]:
        return [given for asked, given in self.asked if asked == path]

    def _answer(self, path: str, given: dict[str, Any]) -> dict[str, Any]:
        return getattr(self, "_" + path.replace("/", "_"), lambda given: {})(given)

    def _gettoken(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"access_token": "t", "expires_in": 7200}

    def _user_get(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"userid": given["userid"], "name": "员工" + given["userid"], "position": "顾问"}

    def _externalcontact_get_follow_user_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"follow_user": self.staff}

    def _externalcontact_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"external_userid": [key for key, (_, ties) in self.contacts.items() if given["userid"] in ties]}

    def _externalcontact_get(self, given: dict[str, Any]) -> dict[str, Any]:
        person, follows = self.contacts.get(given["external_userid"], ({}, {}))
        if not follows:
            return {"errcode": 84061}
        return {"external_contact": person, "follow_user": list(follows.values())}

    def _externalcontact_batch_get_by_user(self, given: dict[str, Any]) -> dict[str, Any]:
        rows = [
            {"external_contact": person, "follow_info": _batched(follows[userid])}
            for userid in given["userid_list"]
            for person, follows in self.contacts.values()
            if userid in follows
        ]
        start = int(given.get("cursor") or 0)
        more = {"next_cursor": str(start + PAGE)} if start + PAGE < len(rows) else {}
        return {"external_contact_list": rows[start : start + PAGE]} | more

    def _externalcontact_get_corp_tag_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"tag_group": self.tag_groups}

    def _externalcontact_mark_tag(self, given: dict[str, Any]) -> dict[str, Any]:
        follow = self.contacts[given["external_userid"]][1][given["userid"]]
        ids = {tag["tag_id"] for tag in follow["tags"]} - set(given["remove_tag"]) | set(given["add_tag"])
        follow["tags"] = [{"tag_id": tag, "type": 1} for tag in sorted(ids)]
        return {}

    def _externalcontact_groupchat_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"group_chat_list": [{"chat_id": chat_id, "status": 0} for chat_id in self.groups]}

    def _externalcontact_groupchat_get(self, given: dict[str, Any]) -> dict[str, Any]:
        group = self.groups.get(given["chat_id"])
        return {"group_chat": group} if group else {"errcode": 86003}


def _batched(follow: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in follow.items() if name != "tags"}
    return rest | {"tag_id": [tag["tag_id"] for tag in follow["tags"]]}
