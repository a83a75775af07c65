"""What a campaign's review says beyond its numbers: the headline, the hypothesis, money, what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeground.core import money
from homeground.insights.queries import group_telling
from homeground.insights.queries.reviews import CampaignTold, Step, Told
from homeground.insights.review import words
from homeground.insights.review.findings import HARMS, NOT_SHOWN, WORKS
from homeground.insights.review.sheet import interval
from homeground.insights.review.trial import Outcome
from homeground.insights.statistics import Effect, needed_audience
from homeground.journeys.models import Arm, Suppression, TouchState
from homeground.journeys.queries import reason_text


@dataclass(frozen=True)
class Executed:
    """The effect on those who were really reached: the assigned effect divided by the share that was."""

    reached: int
    treated: int
    lift: str
    interval: str

    @property
    def share(self) -> float:
        return self.reached / self.treated


@dataclass(frozen=True)
class Value:
    """What the campaign brought beside what it cost, minor units; for all treated together."""

    cost: int
    gain: int | None
    gain_low: int | None
    gain_high: int | None
    currency: str

    @property
    def sentence(self) -> str:
        shown = {"cost": money.show(self.cost, self.currency)}
        if self.gain is None or self.gain_low is None or self.gain_high is None:
            return _("发送成本 %(cost)s；带来多少无法判断。") % shown
        unit = Outcome("", "money", currency=self.currency)
        shown |= {"gain": words.gap(unit, self.gain)}
        shown |= {"low": words.gap(unit, self.gain_low), "high": words.gap(unit, self.gain_high)}
        told = (
            _("与对照组相比，触达组合计净消费相差 %(gain)s（95%% 区间 %(low)s 到 %(high)s）；发送成本 %(cost)s。")
            % shown
        )
        if self.gain_low > self.cost:
            return told + _("收入超过成本。")
        return told + (_("收入低于成本。") if self.gain_high < self.cost else _("是否收回成本还不能确定。"))


def headline(told: CampaignTold) -> str:
    """The verdict on the primary outcome in one sentence with its numbers."""
    if told.is_of_groups:
        return group_telling.headline(told)
    if told.findings is None:
        return _("这个活动没有对照组，无法知道这些订单是活动带来的，还是本来就会发生。下次请在锁定受众前留出对照组。")
    assert told.primary
    sentence = words.sentences(told.findings)[told.primary.name][0]
    if told.review.is_final:
        return sentence
    days = {"day": told.content["days"], "of": told.content["window_days"]}
    return sentence + _("（观察期第 %(day)d 天，共 %(of)d 天，结论还会变。）") % days


def harms(told: Told) -> list[str]:
    """What the campaign did harm to, a sentence each: it stands beside the verdict, whatever that is."""
    if told.findings is None or not told.findings.is_valid:
        return []
    said, verdicts = words.sentences(told.findings), told.findings.verdict
    return [said[name][0] for name, verdict in verdicts.items() if verdict == HARMS and name != _primary(told)]


def _primary(told: Told) -> str:
    return told.primary.name if told.primary else ""


def hypothesis(told: CampaignTold) -> str:
    """What became of the prediction that was written before the send."""
    effect = told.treated.effect if told.treated else None
    base = told.control.mean if told.control else None
    if told.findings is None or not told.findings.is_valid or effect is None or effect.ci_low is None or not base:
        return _("无法检验。")
    expected = base * told.campaign.expected_lift_bp / 10_000
    assert told.primary
    assert effect.ci_high is not None
    shown = {
        "expected": words.gap(told.primary, expected),
        "relative": words.relative(told.campaign.expected_lift_bp / 10_000),
        "interval": interval(told.primary, effect),
    }
    inside = effect.ci_low <= expected <= effect.ci_high
    if told.review.verdict == WORKS and (inside or effect.ci_low > expected):
        return _("得到支持：预期 %(expected)s（相对 %(relative)s），区间 %(interval)s 与之相符。") % shown
    if not inside:
        return _("被否定：预期 %(expected)s（相对 %(relative)s），不在区间 %(interval)s 之内。") % shown
    return _("未能检验：预期 %(expected)s（相对 %(relative)s），区间 %(interval)s 既容得下它，也容得下零。") % shown


def executed(told: CampaignTold) -> Executed | None:
    """The executed effect (complier average causal effect); None without anybody reached."""
    reached = sum(count for arm, state, _reason, count in told.content["sent"]["ledger"] if state in _REACHED)
    treated = sum(count for arm, _state, _reason, count in told.content["sent"]["ledger"] if arm == Arm.TREATED)
    if told.findings is None or not told.findings.is_valid or not reached or told.treated is None:
        return None
    return on_reached(told, reached, treated)


def on_reached(told: Told, reached: int, treated: int) -> Executed:
    """The assigned effect on the primary outcome, on those who were really reached."""
    assert told.primary
    assert told.treated
    effect = _scaled(told.treated.effect, treated / reached)
    return Executed(reached, treated, words.gap(told.primary, effect.lift), interval(told.primary, effect))


_REACHED = {state.value for state in (TouchState.SENT, TouchState.DELIVERED, TouchState.OPENED, TouchState.CLICKED)}


def _scaled(effect: Effect, factor: float) -> Effect:
    low, high = effect.ci_low, effect.ci_high
    return Effect(
        lift=effect.lift * factor if effect.lift is not None else None,
        se=effect.se * factor if effect.se is not None else None,
        ci_low=low * factor if low is not None else None,
        ci_high=high * factor if high is not None else None,
        p=effect.p,
        relative_lift=None,
        relative_low=None,
        relative_high=None,
        method=effect.method,
    )


def value(told: Told) -> Value:
    """Cost beside gain."""
    cost, currency = told.content["sent"]["cost_minor"], told.content["currency"]
    if told.findings is None or not told.findings.is_valid:
        return Value(cost, None, None, None, currency)
    cell = told.findings.cells["net_spend"][1]
    effect, people = cell.effect, told.findings.trial.sizes[1]
    if effect.lift is None or effect.ci_low is None or effect.ci_high is None:
        return Value(cost, None, None, None, currency)
    low, high = round(effect.ci_low * people), round(effect.ci_high * people)
    return Value(cost, round(effect.lift * people), low, high, currency)


def steps(told: CampaignTold) -> list[Step]:
    """The ledger of people from the audience to those who clicked; losses add up to the difference."""
    if told.is_of_groups:
        return group_telling.steps(told)
    lines = told.content["sent"]["ledger"]
    received = told.content["sent"]["received"]
    audience = sum(count for *_rest, count in lines)
    losses = [
        Step(_line(arm, state, reason), count, is_loss=True)
        for arm, state, reason, count in lines
        if arm != Arm.TREATED or state not in _REACHED
    ]
    reached = audience - sum(step.people for step in losses)
    after = [
        Step(label, received.get(key, 0))
        for key, label in (
            ("delivered", _("已送达")),
            ("opened", _("已打开")),
            ("clicked", _("已点击")),
            ("answered", _("已回复")),
        )
    ]
    return [Step(_("锁定的受众"), audience), *losses, Step(_("已发出"), reached), *after]


def _receptions() -> dict[str, str]:
    return {"delivered": _("已送达"), "opened": _("已打开"), "clicked": _("已点击"), "answered": _("已回复")}


def _line(arm: str, state: str, reason: str) -> str:
    if arm != Arm.TREATED:
        return str(Arm(arm).label)
    label = str(TouchState(state).label)
    return f"{label} · {reason_text(state, reason)}" if reason else label


def proposals(told: CampaignTold) -> list[str]:
    """What to do next, from what was found."""
    if told.is_of_groups:
        return group_telling.proposals(told)
    if told.findings is None:
        return [_("下次活动留出至少 10% 的对照组，先用“所需人数”算好要多少人。")]
    if not told.findings.is_valid:
        return [_("先查清分组人数为何与设计不符，再谈效果；在此之前不要扩大投放。")]
    return [*_by_verdict(told), *_by_loss(told), *by_harm(told)]


def _by_verdict(told: CampaignTold) -> list[str]:
    code = told.review.verdict
    if code == HARMS:
        return [_("停止这类活动，查明伤害来自内容、频次还是人群；下次换一种做法再试。")]
    if code == WORKS:
        return [_("把它作为常规做法推广到同类人群，仍保留 5% 到 10% 的对照组，持续确认效果没有消退。")]
    return [_more_people(told), _("不要据此扩大投放，也不要据此说它无用：这次的人数分辨不出这么小的差异。")]


def _more_people(told: CampaignTold) -> str:
    campaign, base = told.campaign, told.control.mean if told.control else None
    share = campaign.holdout_bp / 10_000
    people = None
    if told.primary and told.primary.kind == "rate" and base:
        people = needed_audience(base, base * campaign.expected_lift_bp / 10_000, share)
    if people is None:
        return _("用更多人、更大的对照组或更长的观察期再测一次。")
    shown = {
        "lift": words.relative(campaign.expected_lift_bp / 10_000),
        "people": words.rounded(people),
        "share": f"{100 * share:g}",
        "half": words.rounded(needed_audience(base or 0, (base or 0) * campaign.expected_lift_bp / 10_000, 0.5)),
    }
    return (
        _(
            "要验证预期的 %(lift)s，按 %(share)s%% 对照组约需受众 %(people)s 人；对照组提高到一半只需约 %(half)s 人。"
            "人不够就合并几次同类活动一起看。"
        )
        % shown
    )


def _by_loss(told: CampaignTold) -> list[str]:
    losses = [
        (count, reason)
        for arm, state, reason, count in told.content["sent"]["ledger"]
        if state == TouchState.SUPPRESSED and arm == Arm.TREATED
    ]
    treated = sum(count for arm, *_rest, count in told.content["sent"]["ledger"] if arm == Arm.TREATED)
    if not losses or max(losses)[0] * 10 < treated:
        return []
    count, reason = max(losses)
    shown = {"share": f"{100 * count / treated:.0f}", "reason": str(Suppression(reason).label)}
    return [_("触达组有 %(share)s%% 因“%(reason)s”没有收到，是最大的一步损失，先从这里补。") % shown]


def by_harm(told: Told) -> list[str]:
    """What to do about the harm that was found."""
    assert told.findings
    harmed = [
        outcome.title
        for outcome in told.findings.trial.outcomes
        if outcome.is_harmful and told.findings.verdict[outcome.name] == HARMS
    ]
    if not harmed:
        return []
    return [_("%(names)s明显高于对照组：降低频次或缩小人群，把打扰降下来再发。") % {"names": _("、").join(harmed)}]


def why_not_shown(told: Told) -> Sequence[str]:
    """For a verdict of not shown: what was looked for, what these sizes could have seen."""
    if isinstance(told, CampaignTold) and told.is_of_groups:
        return group_telling.why(told)
    cell, outcome = told.treated, told.primary
    if told.review.verdict != NOT_SHOWN or cell is None or outcome is None or cell.detectable is None:
        return []
    shown = {"detectable": words.gap(outcome, cell.detectable).lstrip("+")}
    return [_("差异要到 %(detectable)s，这次的人数才大多看得出来；更小的效果即使存在也看不出来。") % shown]
