"""Before a send: how many people it takes to learn anything from it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeground.insights.review import words
from homeground.insights.statistics import detectable_rate, needed_audience


@dataclass(frozen=True)
class Planned:
    """Whether an audience is large enough. people: that are needed, holdout and all; None: no number would do."""

    people: int | None
    audience: int | None
    sentence: str

    @property
    def is_enough(self) -> bool:
        return self.people is not None and self.audience is not None and self.audience >= self.people


def planned(*, base_bp: int, lift_bp: int, holdout_bp: int, audience: int | None) -> Planned:
    """The plan in words. base_bp: the holdout's order rate; lift_bp: relative to it; holdout_bp: its share."""
    base, share = base_bp / 10_000, holdout_bp / 10_000
    effect = base * lift_bp / 10_000
    people = needed_audience(base, effect, share)
    return Planned(people, audience, _sentence(base, effect, share, people, audience))


def _sentence(base: float, effect: float, share: float, people: int | None, audience: int | None) -> str:
    if people is None:
        return _("这样的提升无法检验：新的下单率要在 0 与 100% 之间，且与原来不同。")
    shown = {
        "base": f"{100 * base:g}%",
        "goal": f"{100 * (base + effect):.4g}%",
        "share": f"{100 * share:g}%",
        "people": words.rounded(people),
    }
    told = _("下单率从 %(base)s 变为 %(goal)s，对照组 %(share)s：约需受众 %(people)s 人，才有八成把握看出来。") % shown
    return told + _against(base, share, people, audience)


def _against(base: float, share: float, people: int, audience: int | None) -> str:
    if audience is None:
        return ""
    if audience >= people:
        return _("现有 %(audience)s 人，够了。") % {"audience": f"{audience:,}"}
    smallest = detectable_rate(audience, base, share)
    if smallest is None:
        return _("现有 %(audience)s 人，不够。") % {"audience": f"{audience:,}"}
    shown = {"audience": f"{audience:,}", "smallest": f"{100 * smallest:.2g}"}
    return _("现有 %(audience)s 人，只看得出 %(smallest)s 个百分点以上的变化，结论多半会是“未证实”。") % shown
