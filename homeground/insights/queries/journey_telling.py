"""What a journey's review says beyond its numbers: the headline, who was counted, what to do next."""

from django.utils.translation import gettext as _

from homeground.insights.queries.journey_reviews import JourneyTold
from homeground.insights.queries.reviews import Step
from homeground.insights.queries.telling import Executed, by_harm, on_reached
from homeground.insights.review import words
from homeground.insights.review.findings import HARMS, WORKS
from homeground.insights.statistics import needed_audience
from homeground.journeys.models import Arm, Enrolment

_WANTED_LIFT = 0.1  # Of the holdout's rate: what is worth finding when nobody said how much.


def headline(told: JourneyTold) -> str:
    """The verdict on the primary outcome in one sentence with its numbers."""
    if told.findings is None:
        return _("这条旅程没有对照组，无法知道这些订单是旅程带来的，还是本来就会发生。请复制一条，留出对照组再发布。")
    assert told.primary
    return words.sentences(told.findings)[told.primary.name][0]


def counted(told: JourneyTold) -> str:
    """Whose result this is, and whose is still open."""
    shown = {"entered": f"{told.entered:,}", "days": told.content["window_days"]}
    shown |= {"counted": f"{told.compared:,}", "open": f"{told.open:,}"}
    told_of = _("共 %(entered)s 人进入过；每人从自己第一次进入起看 %(days)d 天，已满的 %(counted)s 人计入。") % shown
    return told_of + (_("还有 %(open)s 人没满，结论还会变。") % shown if told.open else "")


def executed(told: JourneyTold) -> Executed | None:
    """The effect on those who really got at least one message; None without anybody."""
    sent = told.content["sent"]
    if told.findings is None or not told.findings.is_valid or not sent["reached"] or told.treated is None:
        return None
    return on_reached(told, sent["reached"], sent["treated"])


def steps(told: JourneyTold) -> list[Step]:
    """The ledger of people: from all who entered to those who got a message; losses add up to the difference."""
    content, counts = told.content, told.counted
    torn = counts[Arm.TREATED] - content["sent"]["treated"]
    untouched = content["sent"]["treated"] - content["sent"]["reached"]
    losses = [
        Step(_("观察期未满"), told.open, is_loss=True),
        *(Step(str(Arm(arm).label), counts[arm], is_loss=True) for arm in (Arm.GLOBAL_HOLDOUT, Arm.HOLDOUT)),
        Step(_("同一人在多组"), torn, is_loss=True),
        Step(_("走了旅程，但没有收到消息"), untouched, is_loss=True),
    ]
    kept = [step for step in losses if step.people]
    return [Step(_("进入旅程的人"), told.entered), *kept, Step(_("至少收到一条消息"), content["sent"]["reached"])]


def walks(told: JourneyTold) -> list[Step]:
    """How the walks of the treated ended so far, the most frequent first."""
    counts = told.content["walks"]
    return [
        Step(str(Enrolment.Ending(ending).label) if ending else _("还在旅程中"), count)
        for ending, count in sorted(counts.items(), key=lambda each: -each[1])
    ]


def proposals(told: JourneyTold) -> list[str]:
    """What to do next, from what was found."""
    if told.findings is None:
        return [_("复制一条旅程，留出至少 10% 的对照组再发布；没有对照组，走再多人也说不清效果。")]
    if not told.findings.is_valid:
        return [_("先查清分组人数为何与设计不符，再谈效果：对照组比例改过吗，有人绕过入组规则吗？")]
    return [*_by_verdict(told), *_by_reach(told), *_by_variant(told), *by_harm(told)]


def _by_verdict(told: JourneyTold) -> list[str]:
    if told.review.verdict == HARMS:
        return [_("先暂停旅程，查明伤害来自内容、频次还是入组的人；改好后作为新版本发布，再看一轮。")]
    if told.review.verdict == WORKS:
        return [_("让它继续跑，保留 5% 到 10% 的对照组；过一个季度再看，按进入时间的效果有没有消退。")]
    return [_more_people(told), _("不要据此加人加频次，也不要据此说它无用：现在的人数分辨不出这么小的差异。")]


def _more_people(told: JourneyTold) -> str:
    base, share = told.control.mean if told.control else None, told.journey.holdout_bp / 10_000
    people = None
    if told.primary and told.primary.kind == "rate" and base:
        people = needed_audience(base, base * _WANTED_LIFT, share)
    if people is None:
        return _("让它再跑一段时间，人满观察期后重算；或提高对照组比例再发布。")
    shown = {"people": words.rounded(people), "share": f"{100 * share:g}", "now": f"{told.compared:,}"}
    return (
        _(
            "要看出一成的提升，按 %(share)s%% 对照组约需 %(people)s 人满观察期，现在是 %(now)s 人："
            "继续跑，人够了再下结论。"
        )
        % shown
    )


def _by_reach(told: JourneyTold) -> list[str]:
    sent = told.content["sent"]
    missed = sent["treated"] - sent["reached"]
    if not sent["treated"] or missed * 10 < sent["treated"]:
        return []
    share = {"share": f"{100 * missed / sent['treated']:.0f}"}
    return [
        _("有 %(share)s%% 的人走了旅程却一条消息都没收到：到旅程图上看他们停在哪里、被什么挡下，先从这里补。") % share
    ]


def _by_variant(told: JourneyTold) -> list[str]:
    if told.tried is None or not told.tried.is_valid:
        return []
    name = told.tried.trial.outcomes[0].name
    base, *others = told.tried.trial.arms
    cells = told.tried.cells[name][1:]
    better = [arm for arm, cell in zip(others, cells, strict=True) if cell.verdict == WORKS]
    worse = [arm for arm, cell in zip(others, cells, strict=True) if cell.verdict == HARMS]
    said = [
        _("实验版本“%(arm)s”胜过“%(base)s”：把份额给它，再试下一个想法。") % {"arm": arm, "base": base}
        for arm in better
    ]
    return said + [_("实验版本“%(arm)s”不如“%(base)s”：停掉它。") % {"arm": arm, "base": base} for arm in worse]
