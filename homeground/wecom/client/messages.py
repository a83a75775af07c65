"""Messages of the app to members (document 90236)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import text


@dataclass(frozen=True)
class Told:
    """What became of it. invalid: members who did not get it, in lower case."""

    msgid: str
    invalid: tuple[str, ...]


def send_text(api: Api, agentid: str, userids: Sequence[str], content: str) -> Told:
    """A text of at most 2048 bytes to at most 1000 members. Raises WeComError 81013 when none of them may get it."""
    return _send(api, agentid, userids, "text", {"content": content})


def send_card(
    api: Api, agentid: str, userids: Sequence[str], *, title: str, description: str, url: str, button: str = ""
) -> Told:
    """A card that leads to a page: title ≤ 128 characters, description ≤ 512, button ≤ 4, url ≤ 2048 bytes."""
    card = {"title": title, "description": description, "url": url} | ({"btntxt": button} if button else {})
    return _send(api, agentid, userids, "textcard", card)


def _send(api: Api, agentid: str, userids: Sequence[str], kind: str, content: Mapping[str, Any]) -> Told:
    body = {
        "touser": "|".join(userids),
        "msgtype": kind,
        "agentid": int(agentid),
        kind: dict(content),
        "enable_duplicate_check": 1,  # A repeat of the same words within half an hour is dropped there.
    }
    answer = api.call("message/send", body=body)
    lost = f"{text(answer, 'invaliduser')}|{text(answer, 'unlicenseduser')}".lower().split("|")
    return Told(text(answer, "msgid"), tuple(filter(None, lost)))
