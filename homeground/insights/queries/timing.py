"""Who is due when, and what the newest computation found."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeground.core import time
from homeground.insights.models import Basis, Prediction, PredictionRun
from homeground.insights.models.predictions import LIKELY
from homeground.people.queries import brand, survivor_of

OVERDUE, LEAVING = "overdue", "leaving"
RECENT_DAYS = 365  # Whose last order is older left long ago: that is no alarm.
SPANS = (7, 14, 30)  # Days, today among them.
# How each date comes about, for those who rely on it.
EXPLAINED: dict[str, str | Promise] = {
    Basis.RHYTHM: gettext_lazy("她至少买过 4 次、间隔规律：上次购买加上自己的间隔；区间是下一次间隔的 80% 预测区间。"),
    Basis.MODEL: gettext_lazy(
        "按购买次数、最近一次与时长推算（BG/NBD）：同样经历、仍是顾客的人，到这一天有一半已再次购买；区间是一成到九成。"
    ),
    Basis.CYCLE: gettext_lazy("再次购买同一商品的人，到这一天有一半已回购；区间是一成到九成。只看买过两次以上的人。"),
    Basis.ANNIVERSARY: gettext_lazy("只买过一次：按去年同一天，前后半个月。这是惯例，不是估计。"),
}


@dataclass(frozen=True)
class Due:
    """How many people are due: within each span of days, and those whose date is past but not their interval.

    leaving: of the tenth that spent most, those who are more likely gone than not, or whose every date is over.
    """

    within: dict[int, int]
    overdue: int
    leaving: int


def newest_run() -> PredictionRun | None:
    """The last computation."""
    return PredictionRun.objects.order_by("-made_at").first()


def due(today: date, span: str) -> QuerySet[Prediction]:
    """Predictions of a span: "7", "14", "30" days from today on, "overdue", or "leaving" (M13). In no order."""
    people = Prediction.objects.filter(customer__merged_into=None)
    if span == LEAVING:
        return _leaving(people, today)
    if span == OVERDUE:
        return people.filter(next_on__lt=today, high_on__gte=today)
    return people.filter(next_on__gte=today, next_on__lt=today + timedelta(days=int(span)))


def counts(today: date) -> Due:
    """How many are due."""
    within = {days: due(today, str(days)).count() for days in SPANS}
    return Due(within, due(today, OVERDUE).count(), due(today, LEAVING).count())


def _leaving(people: QuerySet[Prediction], today: date) -> QuerySet[Prediction]:
    """Nobody where the newest computation gave no chances."""
    run = newest_run()
    if run is None or run.valued_minor is None:
        return people.none()
    recent = time.start_of(today - timedelta(days=RECENT_DAYS), brand().time_zone)
    gone = Q(alive__lt=LIKELY) | Q(alive__isnull=False, next_on=None)
    return people.filter(gone, spent_minor__gte=run.valued_minor, last_order_at__gte=recent)


def prediction_of(customer_id: int) -> Prediction | None:
    """What is predicted of a person, from any of their ids."""
    return Prediction.objects.filter(customer=survivor_of(customer_id)).select_related("product").first()


def why(prediction: Prediction) -> str:
    """The basis of a date in a sentence."""
    if prediction.basis == Basis.CYCLE and prediction.product:
        given = {"product": prediction.product.name or prediction.product.sku}
        return _("她上次买了“%(product)s”。") % given + str(EXPLAINED[Basis.CYCLE])
    return str(EXPLAINED.get(prediction.basis, ""))
