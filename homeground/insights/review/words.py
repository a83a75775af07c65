"""What the findings say, in sentences that carry their numbers. In the language that is active."""

import math
from collections.abc import Callable

from django.utils.translation import gettext as _

from homeground.core import money
from homeground.insights.review.findings import HARMS, NOT_SHOWN, WORKS, Cell, Findings
from homeground.insights.review.trial import Note, Outcome

MOST_PEOPLE = 10_000_000  # In an arm: more than any brand could find, so a number would say nothing.
_NOTES = {
    "no_arm": lambda: _("%(count)d 行没有写明组别（列“%(column)s”为空），未计入"),
    "no_id": lambda: _("%(count)d 行没有客户标识（列“%(column)s”为空），无法查重，按不同的人计入"),
    "two_arms": lambda: _("%(count)d 人同时出现在两个以上的组，未计入任何一组"),
    "repeated": lambda: _("%(count)d 行的客户标识（列“%(column)s”）重复，每人只计第一行"),
    "not_numbers": lambda: _("列“%(column)s”有 %(count)d 格不是数字（例如“%(example)s”），按缺失处理"),
    "empty_cells": lambda: _("列“%(column)s”有 %(count)d 格为空，这些人不计入该指标"),
    "constant": lambda: _("列“%(column)s”的值没有变化，无法判断有无差异"),
    "filled": lambda: _("协变量“%(column)s”有 %(count)d 格为空，以平均值代替"),
    "too_many_words": lambda: _("协变量“%(column)s”是文字且有 %(count)d 种取值，未使用"),
    "too_many_levels": lambda: _("列“%(column)s”有 %(count)d 种取值，只分析人数最多的 %(shown)d 种"),
}


def note(note: Note) -> str:
    """The sentence of a note."""
    return _NOTES[note.code]() % note.values


def sentences(findings: Findings) -> dict[str, list[str]]:
    """For each outcome one sentence an arm; when the sizes do not fit, one that says so and no lift."""
    if not findings.is_valid:
        return {outcome.name: [invalid(findings)] for outcome in findings.trial.outcomes}
    arms = findings.trial.arms
    return {
        outcome.name: [
            sentence(outcome, arm, arms[0], cell, findings.cells[outcome.name][0])
            for arm, cell in zip(arms[1:], findings.cells[outcome.name][1:], strict=True)
        ]
        for outcome in findings.trial.outcomes
    }


def invalid(findings: Findings) -> str:
    """Why no lift is given."""
    trial = findings.trial
    sizes = _("、").join(f"{arm} {size:,}" for arm, size in zip(trial.arms, trial.sizes, strict=True))
    wanted = _("、").join(
        f"{arm} {size:,.0f}" for arm, size in zip(trial.arms, findings.sample_ratio.expected, strict=True)
    )
    return _(
        "分组人数与设计不符：实际 %(sizes)s，按设计应为 %(wanted)s（%(p)s）。分组或记录出了问题，任何差异都可能"
        "由此而来，因此不给出效果。请先查清人数为何不符。"
    ) % {"sizes": sizes, "wanted": wanted, "p": p_is(findings.sample_ratio.p)}


def sentence(outcome: Outcome, arm: str, control: str, cell: Cell, base: Cell) -> str:
    """One arm against the control on one outcome, with everything a reader needs to judge it."""
    effect = cell.effect
    if cell.mean is None or base.mean is None or effect.lift is None:
        return _("%(outcome)s：%(arm)s 或 %(control)s 没有人，无法比较。") % {
            "outcome": outcome.title,
            "arm": arm,
            "control": control,
        }
    means = {
        "outcome": outcome.title,
        "arm": arm,
        "control": control,
        "mean": amount(outcome, cell.mean, effect.lift),
        "base": amount(outcome, base.mean, effect.lift),
        "lift": gap(outcome, effect.lift),
    }
    if effect.ci_low is None or effect.ci_high is None:
        return (
            _(
                "%(outcome)s：%(arm)s %(mean)s，%(control)s %(base)s，差 %(lift)s；人数太少或数值不变，"
                "无法判断是否偶然。"
            )
            % means
        )
    means |= {
        "low": gap(outcome, effect.ci_low, effect.lift, unit=False),
        "high": gap(outcome, effect.ci_high, effect.lift, unit=False),
    }
    compared = _(
        "%(outcome)s：%(arm)s %(mean)s，%(control)s %(base)s，差 %(lift)s（95%% 区间 %(low)s 到 %(high)s，%(p)s）"
    ) % {
        **means,
        "p": p_is(effect.p),
    }
    return compared + _conclusion(outcome, cell, base)


def _conclusion(outcome: Outcome, cell: Cell, base: Cell) -> str:
    if cell.verdict == WORKS:
        return _("，这不像是偶然，判定为有效。")
    if cell.verdict == HARMS:
        return _("，这不像是偶然，判定为有害。")
    if cell.effect.p is not None and cell.effect.p < 0.05:
        return _("，但同时比较了多项，校正后 %(p)s，不足以说明有效。") % {"p": p_is(cell.p_holm)}
    return _("，不足以说明有效。") + _needed(cell, base)


def _needed(cell: Cell, base: Cell) -> str:
    if cell.needed_n is None:
        return ""
    if cell.needed_n > MOST_PEOPLE:
        return _("两组几乎没有差别；现有 %(n)s 与 %(control)s 人。") % {"n": f"{cell.n:,}", "control": f"{base.n:,}"}
    return _("要看出这么大的差异，每组约需 %(needed)s 人，现有 %(n)s 与 %(control)s 人。") % {
        "needed": rounded(cell.needed_n),
        "n": f"{cell.n:,}",
        "control": f"{base.n:,}",
    }


def verdict(code: str) -> str:
    """A verdict's word on screen."""
    return {WORKS: _("有效"), HARMS: _("有害"), NOT_SHOWN: _("未证实")}.get(code) or _("无效：分组人数与设计不符")


def amount(outcome: Outcome, value: float | None, beside: float | None = None) -> str:
    """A mean as a person reads it: 12.3%, ¥1,234.50, 4,555. beside: a small difference that must stay visible."""
    if value is None:
        return "—"
    return _KINDS.get(outcome.kind, _number)(outcome, value, beside)


def gap(outcome: Outcome, value: float | None, beside: float | None = None, *, unit: bool = True) -> str:
    """A difference, with its sign; rates in percentage points."""
    if value is None:
        return "—"
    beside = value if beside is None else beside
    if outcome.kind == "rate":
        shown = f"{100 * value:+,.{_rate_places(beside)}f}"
        shown = _("%(points)s 个百分点") % {"points": shown} if unit else shown
    else:
        shown = amount(outcome, value, beside)
        shown = shown if shown.startswith("-") else f"+{shown}"
    return shown.replace("-", "−")


def relative(value: float | None) -> str:
    """A relative lift: +3.2%."""
    return "—" if value is None else f"{100 * value:+,.1f}%".replace("-", "−")


def chance(p: float | None) -> str:
    """A p-value: three places, and never 0."""
    if p is None:
        return "—"
    return f"{p:.3f}" if p >= 0.001 else "< 0.001"


def p_is(p: float | None) -> str:
    """A p-value inside a sentence."""
    return "p < 0.001" if p is not None and p < 0.001 else f"p = {chance(p)}"


def rounded(people: int | None) -> str:
    """Two digits are all that a sample size can honestly have."""
    if people is None:
        return "—"
    step = 10 ** max(len(str(people)) - 2, 0)
    return f"{math.ceil(people / step) * step:,}"


def _rate(outcome: Outcome, value: float, beside: float | None) -> str:
    return f"{100 * value:,.{_rate_places(beside)}f}%"


def _rate_places(beside: float | None) -> int:
    return min(max(1, 1 - math.floor(math.log10(abs(100 * beside)))), 4) if beside else 1


def _money(outcome: Outcome, value: float, beside: float | None) -> str:
    return money.show(round(value), outcome.currency)


def _number(outcome: Outcome, value: float, beside: float | None) -> str:
    size = max(abs(value), abs(beside or 0))
    places = min(max(2 - math.floor(math.log10(size)), 0), 6) if size > 0 else 0
    return f"{value:,.{places}f}"


_KINDS: dict[str, Callable[[Outcome, float, float | None], str]] = {"rate": _rate, "money": _money}


def scale(outcome: Outcome) -> float:
    """From the outcome's own unit to the one it is drawn in."""
    if outcome.kind == "rate":
        return 100.0
    return 10.0 ** -money.digits(outcome.currency) if outcome.kind == "money" else 1.0
