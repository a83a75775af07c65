"""Whether a private domain suits a business (M17): judged by its audience, and what it can serve and win."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

STAFF_LOAD = 3000  # Customers that one member of staff can know, at most; a working figure, not a law.


@dataclass(frozen=True)
class Advice:
    """fits: yes, first or no (a private domain would burden more than it gives); reasons and next steps in words."""

    fits: str
    reasons: Sequence[str]


def advice(reachable: int, staff: int, monthly_new: int, returns: str, is_urgent_once: bool) -> Advice:
    """What the answers say.

    reachable: customers whose consent and address are known. staff: people who answer. monthly_new: arrivals a month.
    returns: often, yearly or once. is_urgent_once: bought once, in need, and never recommended.
    """
    doubts = [reason for applies, reason in _doubts(reachable, staff, monthly_new, returns) if applies]
    if is_urgent_once:
        reason = _("客户只买一次、也很少推荐给别人：先把产品和搜索投放做好，暂不建议投入私域。")
        return Advice("no", [reason, *doubts])
    if doubts:
        return Advice("first", doubts)
    return Advice("yes", [_("受众、服务和获客都跟得上：从已有客户开始，先做留存和服务，再做拉新。")])


def _doubts(reachable: int, staff: int, monthly_new: int, returns: str) -> list[tuple[bool, str]]:
    load = reachable / staff if staff else reachable
    too_many = _("每位员工要服务 %(load)s 位客户，超过 %(most)s：先分层，只对高价值客户做一对一，其余用公众号或短信。")
    return [
        (reachable < 500 and monthly_new < 50, _("可触达的客户太少：先解决获客入口，积累到 500 位再谈自动化和实验。")),
        (not staff, _("没有人回复客户：私域里无人应答，比没有私域更伤人。先指定至少一位负责回复的同事。")),
        (load > STAFF_LOAD, too_many % {"load": f"{load:,.0f}", "most": f"{STAFF_LOAD:,}"}),
        (returns == "once", _("客户一生只买一次：以转介绍和口碑为主，不要用促销反复打扰。")),
        (returns == "yearly", _("一年才买一两次：以服务、内容和到期提醒为主，促销要少。")),
    ]
