"""What the review of a campaign to customer groups says: no person is held out of a group, so groups are compared."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from homeground.insights.models import Review
from homeground.insights.queries.reviews import CampaignTold, Step, outcome_label
from homeground.insights.review import words
from homeground.insights.review.trial import Outcome
from homeground.journeys.queries.reasons import group_label

_KIND = {"ordered": "rate", "orders": "number", "net_spend": "money"}
_DELIVERED = "delivered"
_ENOUGH = 40  # Groups: about what it takes to see a difference of half their spread.


def headline(told: CampaignTold) -> str:
    """The comparison of groups in one sentence with its numbers, or why there is none."""
    trial = told.content["groups"]
    if "lift" not in trial:
        return _(
            "发到群里的消息没法逐人对照，这个活动也没有留下足够的整群（发 %(treated)d 个、留 %(held_out)d 个）："
            "带来了多少订单说不清，只能看送达和群里的反应。"
        ) % {name: trial[name] for name in ("treated", "held_out")}
    if trial["ci_low"] is None:
        said = _(
            "按整群比：发的 %(treated)d 个群平均%(outcome)s %(mean)s，留的 %(held_out)d 个群 %(base)s，"
            "群与群之间没有差别，无法判断。"
        ) % _figures(told, trial)
        return said + _so_far(told)
    said = _(
        "按整群比：发的 %(treated)d 个群平均%(outcome)s %(mean)s，留的 %(held_out)d 个群 %(base)s，差 %(lift)s"
        "（95%% 区间 %(low)s 到 %(high)s，%(p)s）。"
    ) % _figures(told, trial)
    return said + _so_far(told)


def why(told: CampaignTold) -> list[str]:
    """What keeps the comparison from saying more."""
    trial = told.content["groups"]
    said = []
    if told.review.verdict == Review.Verdict.NOT_SHOWN and trial["ci_low"] is not None:
        said.append(_("群不够多或群与群差别太大，看不出是不是巧合。"))
    if trial["mixed"]:
        said.append(_("%d 位客户既在发的群也在留的群，没有计入。") % trial["mixed"])
    return [*said, *_harm(*trial.get("left", [[0, 0], [0, 0]]))]


def _harm(meant: Sequence[int], held: Sequence[int]) -> list[str]:
    said = []
    if meant[1]:
        said.append(_("退群：发的群 %(left)d 人次，锁定时在群 %(members)d 人次。") % _leaving(meant))
    if held[1]:
        said.append(_("同期留的群退群 %(left)d 人次，锁定时在群 %(members)d 人次。") % _leaving(held))
    return said


def _leaving(counts: Sequence[int]) -> dict[str, int]:
    return dict(zip(("left", "members"), counts, strict=True))


def steps(told: CampaignTold) -> list[Step]:
    """The ledger of groups, from all of them to those that were delivered to; losses add up to the difference."""
    lines = told.content["sent"]["group_ledger"]
    losses = [
        Step(group_label(state, why), groups, is_loss=True) for state, why, groups in lines if state != _DELIVERED
    ]
    whole = sum(groups for _state, _why, groups in lines)
    return [Step(_("锁定的群"), whole), *losses, Step(_("已送达的群"), whole - sum(step.people for step in losses))]


def proposals(told: CampaignTold) -> list[str]:
    """What to do next."""
    trial, said = told.content["groups"], []
    if any(
        state == "assigned" or why == "not_confirmed" for state, why, _groups in told.content["sent"]["group_ledger"]
    ):
        said.append(_("先追群主确认：没确认的群等于没发。"))
    if trial["treated"] + trial["held_out"] < _ENOUGH:
        said.append(
            _("要看出带来多少订单，至少攒够 %d 个群、留出一半整群；群少就改用一对一群发来测，群里只做氛围。") % _ENOUGH
        )
    elif "lift" not in trial:
        said.append(_("下次留出至少两成的整群作对照，否则带来多少说不清。"))
    return said or [_("同样的做法再做一次，仍留整群对照，看差别站不站得住。")]


def _so_far(told: CampaignTold) -> str:
    if told.review.is_final:
        return ""
    days = {"day": told.content["days"], "of": told.content["window_days"]}
    return _("（观察期第 %(day)d 天，共 %(of)d 天，结论还会变。）") % days


def _figures(told: CampaignTold, trial: dict[str, Any]) -> dict[str, Any]:
    outcome = _outcome(told)
    return {
        "outcome": outcome.title,
        "treated": trial["treated"],
        "held_out": trial["held_out"],
        "mean": words.amount(outcome, trial["mean"], trial["lift"]),
        "base": words.amount(outcome, trial["base"], trial["lift"]),
        "lift": words.gap(outcome, trial["lift"]),
        "low": words.gap(outcome, trial["ci_low"]),
        "high": words.gap(outcome, trial["ci_high"]),
        "p": words.p_is(trial["p"]),
    }


def _outcome(told: CampaignTold) -> Outcome:
    name = told.campaign.primary_outcome
    return Outcome(name, _KIND[name], label=outcome_label(name), currency=told.content["currency"])
