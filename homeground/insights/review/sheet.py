"""The findings laid out for a page: every cell already in words, so that templates only place them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeground.insights.review import words
from homeground.insights.review.findings import HARMS, WORKS, Adjusted, Cell, Findings, Split
from homeground.insights.review.trial import Outcome
from homeground.insights.statistics import Balance, Effect

_TONES = {WORKS: "green", HARMS: "red"}


@dataclass(frozen=True)
class Point:
    """A lift and its interval in the unit it is drawn in: percentage points, major units of money, or its own."""

    label: str
    value: float
    low: float
    high: float
    tone: str = "neutral"  # up, down, neutral.


@dataclass(frozen=True)
class Line:
    """One arm's row of an outcome's table."""

    arm: str
    n: int
    mean: str
    lift: str = "—"
    interval: str = "—"
    relative: str = "—"
    p: str = "—"
    p_holm: str = "—"
    verdict: str = ""
    tone: str = "neutral"
    detectable: str = "—"
    needed: str = "—"

    @property
    def people(self) -> str:
        """n in groups of three."""
        return f"{self.n:,}"


@dataclass(frozen=True)
class Panel:
    """One outcome."""

    name: str
    title: str
    is_harmful: bool
    verdict: str
    tone: str
    sentences: Sequence[str]
    lines: Sequence[Line]
    points: Sequence[Point]  # Raw, then adjusted, arm by arm.
    unit: str  # Of the points.
    adjusted: Sequence[Line] = ()
    explained: str = ""  # How much of the variance the adjustment took away.


@dataclass(frozen=True)
class Check:
    """One line of the validity checks."""

    title: str
    state: str
    tone: str  # green, amber, red.
    detail: str = ""


@dataclass(frozen=True)
class SplitPanel:
    """One outcome and arm by the levels of a column."""

    title: str
    is_planned: bool
    interaction: str
    lines: Sequence[Line]  # arm is the level's name; n its treated people.
    controls: Sequence[int]
    points: Sequence[Point]
    unit: str


@dataclass(frozen=True)
class Sheet:
    """A review, ready to be placed."""

    arms: Sequence[tuple[str, str, str]]  # Name, people, as designed.
    panels: Sequence[Panel]
    checks: Sequence[Check]
    balance: Sequence[tuple[str, str, str, str, str, str, str]]
    splits: Sequence[SplitPanel]
    notes: Sequence[str]


def sheet(findings: Findings) -> Sheet:
    """The findings in the language that is active."""
    trial = findings.trial
    said = words.sentences(findings)
    return Sheet(
        arms=[
            (arm, f"{size:,}", f"{expected:,.0f}")
            for arm, size, expected in zip(trial.arms, trial.sizes, findings.sample_ratio.expected, strict=True)
        ],
        panels=[_panel(findings, outcome, said[outcome.name]) for outcome in trial.outcomes],
        checks=checks(findings),
        balance=[
            _balance(name, arm, each)
            for name, row in findings.balance.items()
            for arm, each in zip(trial.arms[1:], row, strict=True)
        ],
        splits=[_split(findings, split) for split in findings.splits] if findings.is_valid else [],
        notes=[words.note(note) for note in findings.notes],
    )


def checks(findings: Findings) -> list[Check]:
    """Whether the numbers may be believed, a line each."""
    lines = [_ratio(findings)]
    if findings.balance:
        lines.append(_balanced(findings))
    if findings.trial.in_two_arms:
        detail = _("%(count)d 人，已从各组剔除") % {"count": findings.trial.in_two_arms}
        lines.append(Check(_("同一人只在一组"), _("有人在多组"), "amber", detail))
    for name, each in findings.missing.items():
        state = (_("各组相近"), "green") if each.ok else (_("各组不同，比较可能有偏"), "red")
        detail = _("缺 %(count)d 人（%(p)s）") % {"count": sum(each.counts), "p": words.p_is(each.p)}
        lines.append(Check(_("缺失：%(name)s") % {"name": name}, *state, detail))
    return lines


def _ratio(findings: Findings) -> Check:
    ratio = findings.sample_ratio
    state = (_("相符"), "green")
    if ratio.warns:
        state = (_("可疑"), "amber")
    if not ratio.ok:
        state = (_("不符"), "red")
    return Check(_("分组人数与设计"), *state, words.p_is(ratio.p))


def _balanced(findings: Findings) -> Check:
    uneven = [name for name, row in findings.balance.items() if not all(each.ok for each in row)]
    if uneven:
        return Check(_("事前是否均衡"), _("不均衡"), "red", _("、").join(uneven))
    detail = _("%(count)d 项均未见差异") % {"count": len(findings.balance)}
    return Check(_("事前是否均衡"), _("均衡"), "green", detail)


def _balance(name: str, arm: str, each: Balance) -> tuple[str, str, str, str, str, str, str]:
    standardised = "—" if each.standardised is None else f"{each.standardised:+.3f}".replace("-", "−")
    return (
        name,
        arm,
        _short(each.mean),
        _short(each.control_mean),
        standardised,
        words.chance(each.p),
        _("均衡") if each.ok else _("不均衡"),
    )


def _short(value: float | None) -> str:
    return words.amount(Outcome(""), value)


def _panel(findings: Findings, outcome: Outcome, said: Sequence[str]) -> Panel:
    arms, code = findings.trial.arms, findings.verdict[outcome.name]
    cells = [each if findings.is_valid else Cell(each.n, each.mean) for each in findings.cells[outcome.name]]
    after = findings.adjusted.get(outcome.name) if findings.is_valid else None
    lines = [
        Line(
            arm=arm,
            n=cell.n,
            mean=words.amount(outcome, cell.mean, cell.effect.lift),
            **_effect(outcome, cell.effect),
            p_holm=words.chance(cell.p_holm),
            verdict=words.verdict(cell.verdict) if cell.verdict else "",
            tone=_TONES.get(cell.verdict or "", "neutral"),
            detectable=words.gap(outcome, cell.detectable).lstrip("+"),
            needed=words.rounded(cell.needed_n if (cell.needed_n or 0) <= words.MOST_PEOPLE else None),
        )
        for arm, cell in zip(arms, cells, strict=True)
    ]
    return Panel(
        name=outcome.name,
        title=outcome.title,
        is_harmful=outcome.is_harmful,
        verdict=words.verdict(code),
        tone=_TONES.get(code, "neutral" if findings.is_valid else "red"),
        sentences=said,
        lines=lines,
        points=_points(outcome, arms, [cell.effect for cell in cells], after),
        unit=_unit(outcome),
        adjusted=_adjusted(outcome, arms, after) if after else [],
        explained=f"{100 * after.explained:.1f}%" if after else "",
    )


def _effect(outcome: Outcome, effect: Effect) -> dict[str, str]:
    return {
        "lift": words.gap(outcome, effect.lift),
        "interval": interval(outcome, effect),
        "relative": words.relative(effect.relative_lift),
        "p": words.chance(effect.p),
    }


def interval(outcome: Outcome, effect: Effect) -> str:
    """A 95 % interval: −0.5 … +1.3."""
    if effect.ci_low is None:
        return "—"
    low, high = (words.gap(outcome, each, effect.lift, unit=False) for each in (effect.ci_low, effect.ci_high))
    return f"{low} … {high}"


def _adjusted(outcome: Outcome, arms: Sequence[str], after: Adjusted) -> list[Line]:
    return [
        Line(arm=arm, n=0, mean=words.amount(outcome, mean, effect.lift), **_effect(outcome, effect))
        for arm, mean, effect in zip(arms, after.means, after.effects, strict=True)
    ]


def _points(outcome: Outcome, arms: Sequence[str], raw: Sequence[Effect], after: Adjusted | None) -> list[Point]:
    points = []
    for place, arm in enumerate(arms[1:], start=1):
        label = _("%(arm)s，原始") % {"arm": arm} if after else arm
        points.append(point(outcome, label, raw[place]))
        if after:
            points.append(point(outcome, _("%(arm)s，校正后") % {"arm": arm}, after.effects[place]))
    return [each for each in points if each]


def point(outcome: Outcome, label: str, effect: Effect) -> Point | None:
    """An effect as it is drawn; None when it has no interval."""
    if effect.lift is None or effect.ci_low is None or effect.ci_high is None:
        return None
    scale = words.scale(outcome)
    sure = effect.ci_low > 0 or effect.ci_high < 0
    tone = ("up" if effect.lift > 0 else "down") if sure else "neutral"  # Of direction; the verdict says good or bad.
    return Point(label, effect.lift * scale, effect.ci_low * scale, effect.ci_high * scale, tone)


def _unit(outcome: Outcome) -> str:
    return {"rate": _("百分点"), "money": outcome.currency}.get(outcome.kind, "")


def _split(findings: Findings, split: Split) -> SplitPanel:
    outcome = next(each for each in findings.trial.outcomes if each.name == split.outcome)
    kind = _("事先指定") if split.is_planned else _("事后探索")
    lines = [
        Line(
            arm=level.level,
            n=level.n,
            mean=words.amount(outcome, level.mean, level.effect.lift),
            **_effect(outcome, level.effect),
            p_holm=words.chance(level.p_adjusted),
        )
        for level in split.levels
    ]
    points = [point(outcome, level.level, level.effect) for level in split.levels]
    return SplitPanel(
        title=" · ".join((split.column, outcome.title, split.arm, kind)),
        is_planned=split.is_planned,
        interaction=words.p_is(split.interaction_p),
        lines=lines,
        controls=[level.control_n for level in split.levels],
        points=[each for each in points if each],
        unit=_unit(outcome),
    )
