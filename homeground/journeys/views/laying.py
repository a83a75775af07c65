"""How a campaign is laid out on pages: its steps, the tone of its state, its ledger in parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.journeys.models import Arm, Campaign, GroupState, State, TouchState
from homeground.journeys.queries import Ledger, Line, reason_text
from homeground.journeys.queries.groups import GroupLedger, GroupLine
from homeground.journeys.queries.reasons import group_label

STEPS: Sequence[str | Promise] = [
    gettext_lazy("草稿"),
    gettext_lazy("锁定受众"),
    gettext_lazy("发送"),
    gettext_lazy("观察"),
    gettext_lazy("结案"),
]
_STEP = {
    State.DRAFT: 0,
    State.FROZEN: 1,
    State.SENDING: 2,
    State.PAUSED: 2,
    State.SENT: 3,
    State.CANCELLED: 3,
    State.CLOSED: 5,
}
_TONE = {
    State.DRAFT: "neutral",
    State.FROZEN: "blue",
    State.SENDING: "blue",
    State.PAUSED: "amber",
    State.SENT: "green",
    State.CANCELLED: "red",
    State.CLOSED: "dark",
}
_TOUCH_TONE = {
    TouchState.QUEUED: "neutral",
    TouchState.DEFERRED: "amber",
    TouchState.SENDING: "blue",
    TouchState.ASSIGNED: "blue",
    TouchState.FAILED: "red",
    TouchState.UNKNOWN: "amber",
    TouchState.SUPPRESSED: "amber",
}


@dataclass(frozen=True)
class Part:
    """Some lines of the ledger under one heading, with their sum."""

    label: str
    note: str
    lines: list[tuple[Line, str, str, float]]  # Line, label, tone, share of the audience.
    customers: int


@dataclass(frozen=True)
class GroupPart:
    """The same of groups."""

    label: str
    note: str
    lines: list[tuple[GroupLine, str, str]]  # Line, label, tone.
    groups: int


def step_of(campaign: Campaign) -> int:
    """The step of the bar that it stands at, from 0."""
    return _STEP[State(campaign.state)]


def tone(state: str) -> str:
    """The colour of a campaign's state."""
    return _TONE[State(state)]


def lines_of(ledger: Ledger) -> list[Part]:
    """The ledger in three parts that add up to the audience: held out, left out, touched."""
    held = [line for line in ledger.lines if line.arm != Arm.TREATED]
    left = [line for line in ledger.lines if line.state == TouchState.SUPPRESSED]
    touched = [line for line in ledger.lines if line.arm == Arm.TREATED and line.state != TouchState.SUPPRESSED]
    parts = [
        (_("对照组"), _("随机留下不触达，用来比较"), held),
        (_("排除"), _("护栏拦下的人，各记一个原因"), left),
        (_("触达"), _("按最新回执的状态"), touched),
    ]
    return [_part(ledger, label, note, lines) for label, note, lines in parts if lines]


def group_lines_of(ledger: GroupLedger) -> list[GroupPart]:
    """The ledger of groups in the same three parts."""
    held = [line for line in ledger.lines if line.state == GroupState.HELD_OUT]
    left = [line for line in ledger.lines if line.state == GroupState.SUPPRESSED]
    sent = [line for line in ledger.lines if line not in held and line not in left]
    parts = [
        (_("整群对照"), _("随机留下整个群不发，用来比较"), held),
        (_("排除"), _("护栏拦下的群，各记一个原因"), left),
        (_("发送"), _("按平台最新的结果"), sent),
    ]
    return [
        GroupPart(
            label,
            note,
            [(line, group_label(line.state, line.reason), group_tone(line.state)) for line in lines],
            _groups(lines),
        )
        for label, note, lines in parts
        if lines
    ]


def group_tone(state: str) -> str:
    """The colour of where a group stands."""
    return "blue" if state == GroupState.HELD_OUT else _TOUCH_TONE.get(TouchState(state), "green")


def _groups(lines: Sequence[GroupLine]) -> int:
    return sum(line.groups for line in lines)


def label_of(line: Line) -> str:
    """What a line says to a person."""
    if line.arm != Arm.TREATED:
        return str(Arm(line.arm).label)
    state = str(TouchState(line.state).label)
    if line.state == TouchState.SUPPRESSED:
        return reason_text(line.state, line.reason)
    return f"{state} · {reason_text(line.state, line.reason)}" if line.reason else state


def _part(ledger: Ledger, label: str, note: str, lines: list[Line]) -> Part:
    rows = [(line, label_of(line), _tone_of(line), line.customers / ledger.eligible) for line in lines]
    return Part(label, note, rows, sum(line.customers for line in lines))


def _tone_of(line: Line) -> str:
    return "blue" if line.arm != Arm.TREATED else _TOUCH_TONE.get(TouchState(line.state), "green")
