"""What each kind of callback changes, a batch at once, inside the caller's transaction. A repeat changes nothing."""

from collections.abc import Iterable, Iterator, Sequence

from homeground.events import services as events
from homeground.events.catalog.wecom import ChatStarted, TransferRefused
from homeground.wecom.client.contacts import Contact, FollowInfo
from homeground.wecom.models import Follow, GroupChat
from homeground.wecom.services import tags
from homeground.wecom.services.callbacks import kinds
from homeground.wecom.services.callbacks.reading import Reading, Row
from homeground.wecom.services.contacts import Ending, Friend, end_follows, keep_details, note_talks
from homeground.wecom.services.groups import Leaving, dismiss, keep_groups, leave

_REMOVALS = {
    kinds.REMOVED_BY_STAFF: Follow.Ending.BY_STAFF,
    kinds.REMOVED_BY_CUSTOMER: Follow.Ending.BY_CUSTOMER,
}
_SHOWN = (kinds.ADDED, kinds.HALF_ADDED, kinds.EDITED)


def apply(rows: Sequence[Row], reading: Reading) -> None:
    """Write what these callbacks say, with what was read for them."""
    _friends([row for row in rows if row.event in _SHOWN and row.external_userid], reading)
    end_follows([_ending(row) for row in rows if row.event in _REMOVALS])
    _groups([row for row in rows if row.event.startswith(kinds.CHAT) and row.chat_id], reading)
    events.record(*_facts(rows))
    note_talks((row.userid, row.external_userid, row.told_at) for row in rows if row.event == kinds.CHAT_STARTED)


def _friends(rows: Sequence[Row], reading: Reading) -> None:
    if not rows:
        return
    keep_details([friend for row in rows for friend in _shown(row, reading)])
    end_follows([Ending(row.userid, row.external_userid, row.told_at, Follow.Ending.NOT_THERE) for row in rows
                 if row.event == kinds.ADDED and not _is_there(row, reading)])  # fmt: skip
    tags.bring_in([row.external_userid for row in rows])


def _shown(row: Row, reading: Reading) -> Iterator[Friend]:
    """The friends that the platform shows; and the one of an addition that is over already, for the history."""
    unknown = Contact(row.external_userid, "", 1, 0, "", "", "", "")
    contact = reading.contacts.get(row.external_userid) or unknown
    for tie in contact.follows:
        is_this = tie.userid == row.userid
        yield Friend(
            contact, tie, reading.at, is_pending=_is_pending(row) if is_this else None,
            requested_at=row.told_at if is_this and row.event == kinds.HALF_ADDED else None,
        )  # fmt: skip
    if row.event != kinds.EDITED and not _is_there(row, reading):
        tie = FollowInfo(row.userid, row.told_at, "", "", (), (), "", "", 0, row.fields.get("State", ""))
        yield Friend(
            contact, tie, reading.at, is_whole=False, is_pending=_is_pending(row),
            requested_at=row.told_at if row.event == kinds.HALF_ADDED else None,
        )  # fmt: skip


def _is_pending(row: Row) -> bool | None:
    return {kinds.HALF_ADDED: True, kinds.ADDED: False}.get(row.event)


def _is_there(row: Row, reading: Reading) -> bool:
    contact = reading.contacts.get(row.external_userid)
    return contact is not None and any(tie.userid == row.userid for tie in contact.follows)


def _ending(row: Row) -> Ending:
    how = _REMOVALS[row.event]
    if row.fields.get("Source") == "DELETE_BY_TRANSFER":
        how = Follow.Ending.TRANSFERRED
    return Ending(row.userid, row.external_userid, row.told_at, how)


def _groups(rows: Sequence[Row], reading: Reading) -> None:
    leave([leaving for row in rows for leaving in _leavings(row)])
    keep_groups([read for row in rows if (read := reading.groups.get(row.chat_id))])
    for row in rows:
        if row.event == kinds.CHAT_DISMISSED or _is_gone(row, reading):
            dismiss(row.chat_id, row.told_at)
        elif row.chat_id not in reading.groups and (version := row.fields.get("CurMemVer")):
            GroupChat.objects.filter(chat_id=row.chat_id).update(member_version=version, seen_at=reading.at)


def _is_gone(row: Row, reading: Reading) -> bool:
    return row.chat_id in reading.groups and reading.groups[row.chat_id] is None


def _leavings(row: Row) -> Iterable[Leaving]:
    if row.fields.get("UpdateDetail") == "del_member":
        was_removed = row.fields.get("QuitScene") == "1"
        for member in filter(None, row.fields.get("MemChangeList", "").split(",")):
            yield Leaving(row.chat_id, member, row.told_at, was_removed)


def _facts(rows: Sequence[Row]) -> Iterator[TransferRefused | ChatStarted]:
    for row in rows:
        who = [("wecom_external", row.external_userid)]
        cause = f"{row.userid}:{row.external_userid}:{int(row.told_at.timestamp())}"
        if row.event == kinds.TRANSFER_FAILED:
            reason = row.fields.get("FailReason", "")
            yield TransferRefused(
                identities=who, userid=row.userid, reason=reason, happened_at=row.told_at, cause=cause
            )
        elif row.event == kinds.CHAT_STARTED:
            link = row.fields.get("LinkId", "")
            yield ChatStarted(identities=who, userid=row.userid, link_id=link, happened_at=row.told_at, cause=cause)
