"""Group chats and who is in them, ours against theirs."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from homeground.wecom.client import Api
from homeground.wecom.client.groups import Group
from homeground.wecom.models import Callback, GroupChat
from homeground.wecom.services.drift.lines import Line, Why
from homeground.wecom.services.drift.reasons import Reasons
from homeground.wecom.services.sync.chats import list_all, read_group

_AT_ONCE, _A_BATCH = 4, 200
_Ours = dict[str, tuple[str, str, frozenset[str]]]  # chat_id → name, owner, members.


def compare_groups(api: Api, reasons: Reasons, compared: dict[str, int]) -> list[Line]:
    """Every group: is it there, name, owner, members."""
    refs = list(dict.fromkeys(ref.chat_id for page in list_all(api) for ref in page))
    waiting = reasons.waiting()
    gone = GroupChat.objects.filter(dismissed_at=None).exclude(chat_id__in=refs)
    lines = [
        Line("group", chat_id, "", "group", "", _why(chat_id, waiting))
        for chat_id in gone.order_by("chat_id").values_list("chat_id", flat=True)
    ]
    compared["groups"], compared["group_members"] = len(refs) + len(lines), 0
    for start in range(0, len(refs), _A_BATCH):
        lines += _of_batch(api, refs[start : start + _A_BATCH], waiting, compared)
    return lines


def _of_batch(api: Api, refs: Sequence[str], waiting: set[tuple[str, str]], compared: dict[str, int]) -> list[Line]:
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="wecom-drift") as pool:
        theirs = [read.group for read in pool.map(lambda chat_id: read_group(api, chat_id), refs) if read]
    ours = _kept(refs)
    lines = [line for group in theirs for line in _lines(group, ours, waiting)]
    compared["group_members"] += sum(len(group.members) for group in theirs)
    if not lines:
        return []
    again = _kept(refs)  # What changed here while it was read is no difference.
    return [line for line in lines if ours.get(line.key) == again.get(line.key)]


def _lines(group: Group, ours: _Ours, waiting: set[tuple[str, str]]) -> Iterator[Line]:
    why = _why(group.chat_id, waiting)
    if group.chat_id not in ours:
        yield Line("group", group.chat_id, "", "", "group", why)
        return
    name, owner, members = ours[group.chat_id]
    theirs = frozenset(member.member_id for member in group.members)
    if (name, owner) != (group.name[:120], group.owner):
        yield Line("group.name", group.chat_id, owner, f"{name} · {owner}", f"{group.name} · {group.owner}", why)
    for member in sorted(members ^ theirs):
        here, there = ("member", "") if member in members else ("", "member")
        yield Line("group_member", group.chat_id, owner, f"{here} {member}", f"{there} {member}", why)


def _why(chat_id: str, waiting: set[tuple[str, str]]) -> str:
    if (chat_id, Callback.State.WAITING) in waiting:
        return Why.WAITING
    return Why.FAILED if (chat_id, Callback.State.FAILED) in waiting else Why.NO_CALLBACK


def _kept(refs: Sequence[str]) -> _Ours:
    inside = ArrayAgg("members__member_id", filter=Q(members__left_at=None), default=[])
    found = GroupChat.objects.filter(chat_id__in=refs, dismissed_at=None).annotate(inside=inside)
    rows = found.values_list("chat_id", "name", "owner__userid", "inside")
    return {chat_id: (name, owner or "", frozenset(filter(None, inside))) for chat_id, name, owner, inside in rows}
