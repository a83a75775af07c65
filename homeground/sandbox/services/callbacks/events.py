"""The XML of every event that phones and the admin console can cause, element by element as documented."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

Value = str | int | Sequence[str]


@dataclass(frozen=True)
class Event:
    """One event to be written: its name, kind of change and elements in order (empty ones are left out)."""

    event: str
    change: str = ""
    fields: tuple[tuple[str, Value | None], ...] = ()

    @property
    def name(self) -> str:
        """Short, for lists: change_external_contact.add_external_contact."""
        return ".".join(part for part in (self.event, self.change) if part)


def contact(
    change: str, userid: str, external_userid: str, *, state: str = "", code: str = "", source: str = "", why: str = ""
) -> Event:
    """change_external_contact: added, half added, edited, deleted by either side, or a transfer that failed."""
    fields = (
        ("FailReason", why),
        ("UserID", userid),
        ("ExternalUserID", external_userid),
        ("State", state),
        ("WelcomeCode", code),
        ("Source", source),
    )
    return Event("change_external_contact", change, fields)


def group(chat_id: str, change: str, detail: str = "") -> Event:
    """change_external_chat: made, dismissed, or another name, owner or notice."""
    return Event("change_external_chat", change, (("ChatId", chat_id), ("UpdateDetail", detail)))


def group_members(chat_id: str, ids: Sequence[str], versions: tuple[str, str], *, scene: int = 0, left: bool) -> Event:
    """change_external_chat: people came (scene 0 invited, 3 by code) or went (scene 0 by themselves, 1 removed).

    versions: of the list of members, before and after.
    """
    fields: tuple[tuple[str, Value | None], ...] = (
        ("ChatId", chat_id),
        ("UpdateDetail", "del_member" if left else "add_member"),
        ("QuitScene" if left else "JoinScene", scene),
        ("MemChangeCnt", len(ids)),
        ("MemChangeList", tuple(ids)),
        ("LastMemVer", versions[0]),
        ("CurMemVer", versions[1]),
    )
    return Event("change_external_chat", "update", fields)


def tag(tag_id: str, change: str, kind: str = "tag") -> Event:
    """change_external_tag: create, update, delete; shuffle has no kind. kind: tag or tag_group."""
    return Event("change_external_tag", change, (("Id", tag_id), ("TagType", "" if change == "shuffle" else kind)))


def acquisition(change: str, link_id: str = "", **fields: Value) -> Event:
    """customer_acquisition: a request or a first message by a link, or how much of the quota is left."""
    return Event("customer_acquisition", change, (("LinkId", link_id), *fields.items()))


def kf(token: str, open_kfid: str) -> Event:
    """kf_msg_or_event: there is something to pull."""
    return Event("kf_msg_or_event", "", (("Token", token), ("OpenKfId", open_kfid)))


def xml(event: Event, corpid: str, at: datetime) -> str:
    """The event as one line. at: the corp's own clock."""
    head: list[tuple[str, Value | None]] = [("ToUserName", corpid)]
    if event.event != "kf_msg_or_event":  # Its documented sample has none.
        head.append(("FromUserName", "sys"))
    head += [("CreateTime", int(at.timestamp())), ("MsgType", "event"), ("Event", event.event)]
    return f"<xml>{''.join(_elements([*head, *_ordered(event)]))}</xml>"


def message_xml(corpid: str, userid: str, agentid: int, text: str, message_id: int, at: datetime) -> str:
    """What a member of staff writes to the self-built app."""
    fields: list[tuple[str, Value | None]] = [
        ("ToUserName", corpid),
        ("FromUserName", userid),
        ("CreateTime", int(at.timestamp())),
        ("MsgType", "text"),
        ("Content", text),
        ("MsgId", message_id),
        ("AgentID", agentid),
    ]
    return f"<xml>{''.join(_elements(fields))}</xml>"


def _ordered(event: Event) -> Iterable[tuple[str, Value | None]]:
    change = ("ChangeType", event.change)
    if event.event == "change_external_chat":  # Here the id of the group stands before the change.
        return [event.fields[0], change, *event.fields[1:]]
    if event.event == "change_external_tag":
        return [*event.fields, change]
    return [change, *event.fields]


def _elements(fields: Iterable[tuple[str, Value | None]]) -> Iterable[str]:
    for name, value in fields:
        if value not in ("", None, ()):
            yield f"<{name}>{_content(value)}</{name}>"


def _content(value: Value | None) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
    return "".join(f"<Item>{_content(item)}</Item>" for item in value or ())
