"""The findings as plain text for a terminal."""

from django.utils.translation import gettext as _

from homeground.insights.review import words
from homeground.insights.review.findings import Findings
from homeground.insights.review.sheet import checks, interval


def text(findings: Findings) -> str:
    """The review on a page of text: verdicts with their sentences, then the checks, then what else was seen."""
    blocks = [
        _arms(findings),
        *_outcomes(findings),
        _checks(findings),
        _adjusted(findings) if findings.is_valid else "",
        _splits(findings) if findings.is_valid else "",
        "\n".join(f"! {words.note(note)}" for note in findings.notes),
    ]
    return "\n\n".join(block for block in blocks if block)


def _checks(findings: Findings) -> str:
    said = _("%(title)s：%(state)s（%(detail)s）")
    lines = ["  " + said % vars(each) for each in checks(findings)]
    return "\n".join([_("检查"), *lines])


def _arms(findings: Findings) -> str:
    pairs = zip(findings.trial.arms, findings.trial.sizes, strict=True)
    shown = "  ".join(f"{arm} {size:,}" for arm, size in pairs)
    return _("各组人数：%(sizes)s（对照组：%(control)s）") % {"sizes": shown, "control": findings.trial.arms[0]}


def _outcomes(findings: Findings) -> list[str]:
    said = words.sentences(findings)
    return [
        "\n".join([f"[{outcome.title}] {words.verdict(findings.verdict[outcome.name])}", *said[outcome.name]])
        for outcome in findings.trial.outcomes
    ]


def _adjusted(findings: Findings) -> str:
    lines = []
    by_name = {outcome.name: outcome for outcome in findings.trial.outcomes}
    for name, each in findings.adjusted.items():
        for arm, effect in zip(findings.trial.arms[1:], each.effects[1:], strict=True):
            shown = {
                "outcome": by_name[name].title,
                "arm": arm,
                "lift": words.gap(by_name[name], effect.lift),
                "interval": interval(by_name[name], effect),
                "share": f"{100 * each.explained:.1f}",
            }
            lines.append("  " + _("%(outcome)s，%(arm)s：%(lift)s（%(interval)s），方差减少 %(share)s%%") % shown)
    return "\n".join([_("用事前数据校正后（CUPED）"), *lines]) if lines else ""


def _splits(findings: Findings) -> str:
    by_name = {outcome.name: outcome for outcome in findings.trial.outcomes}
    blocks = []
    for split in findings.splits:
        kind = _("事先指定") if split.is_planned else _("事后探索")
        blocks.append(
            _("按 %(column)s（%(kind)s）：%(outcome)s，%(arm)s；各层差异的检验 %(p)s")
            % {
                "column": split.column,
                "kind": kind,
                "outcome": by_name[split.outcome].title,
                "arm": split.arm,
                "p": words.p_is(split.interaction_p),
            }
        )
        blocks += [
            "  "
            + _("%(level)s：%(n)s 与 %(control)s 人，差 %(lift)s，校正后 %(p)s")
            % {
                "level": level.level,
                "n": f"{level.n:,}",
                "control": f"{level.control_n:,}",
                "lift": words.gap(by_name[split.outcome], level.effect.lift),
                "p": words.p_is(level.p_adjusted),
            }
            for level in split.levels
        ]
    return "\n".join(blocks)
