"""Welcome messages: to a new friend (document 92137), and what a group says to who joins (92366).

An attachment is what the platform takes: {"msgtype": "link", "link": {"title": …, "url": …}}.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from homeground.wecom.client.api import Api
from homeground.wecom.client.reading import given, text

Attachment = Mapping[str, Any]
_AT = "externalcontact/group_welcome_template/"


def send(api: Api, welcome_code: str, content: str, attachments: Sequence[Attachment] = ()) -> None:
    """Send a welcome: once, within 20 s of the code. At most 4000 bytes and 9 attachments, not both empty.

    Raises WeComError 41050 (too late), 41051 (already chatting: final), 41096 (another app is sending: may be retried).
    """
    body = {"welcome_code": welcome_code, **message(content, attachments)}
    api.call("externalcontact/send_welcome_msg", body=body)


def message(content: str, attachments: Sequence[Attachment]) -> dict[str, Any]:
    """The fields of a text with attachments, as every message of this API has them."""
    return given(
        text={"content": content} if content else None, attachments=[*map(dict, attachments)] if attachments else None
    )


def add(
    api: Api, content: str, attachment: Attachment | None = None, *, agentid: str = "", tells_owner: bool = True
) -> str:
    """Make a group welcome; its template_id. At most 3000 bytes, %NICKNAME% stands for the name; 100 a corp.

    tells_owner: the group's owner is asked to use it.
    """
    body = {**_template(content, attachment), **_agent(agentid), "notify": int(tells_owner)}
    return text(api.call(_AT + "add", body=body), "template_id")


def edit(api: Api, template_id: str, content: str, attachment: Attachment | None = None, *, agentid: str = "") -> None:
    """Replace a group welcome; only one that this app made."""
    api.call(_AT + "edit", body={"template_id": template_id, **_template(content, attachment), **_agent(agentid)})


def get(api: Api, template_id: str) -> dict[str, Any]:
    """A group welcome's fields as the platform has them."""
    answer = api.read(_AT + "get", {"template_id": template_id})
    return {name: value for name, value in answer.items() if name not in ("errcode", "errmsg")}


def delete(api: Api, template_id: str, *, agentid: str = "") -> None:
    """Delete a group welcome; only one that this app made."""
    api.call(_AT + "del", body={"template_id": template_id, **_agent(agentid)})


def _template(content: str, attachment: Attachment | None) -> dict[str, Any]:
    kind = str(attachment["msgtype"]) if attachment else ""
    return given(text={"content": content} if content else None) | ({kind: attachment[kind]} if attachment else {})


def _agent(agentid: str) -> dict[str, int]:
    return {"agentid": int(agentid)} if agentid.isdigit() else {}
