"""复盘: what a campaign or a journey was found to have caused, as it was said at the time."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Reading(models.Model):
    """One reading of a result. Rows are added, never changed; a later reading is a further version."""

    class Verdict(models.TextChoices):
        WORKS = "works", _("有效")
        HARMS = "harms", _("有害")
        NOT_SHOWN = "not shown", _("未证实")
        INVALID = "invalid: sample ratio", _("无效：分组人数与设计不符")
        NO_CONTROL = "no control", _("无法判断：没有对照组")

    version = models.PositiveIntegerField(_("版本"))
    verdict = models.CharField(_("结论"), max_length=21, choices=Verdict.choices, help_text="Of the primary outcome.")
    as_of = models.DateTimeField(_("数据截至"), help_text="Events up to here count.")
    is_final = models.BooleanField(_("观察期已满"))
    method = models.CharField(_("算法版本"), max_length=64, help_text="Changes whenever the queries or rules do.")
    position = models.CharField(_("数据版本"), max_length=60, help_text="Where the stream stood: xid.id.")
    content = models.JSONField(_("内容"), help_text="The moments it was made from, and the findings as given out.")
    made_by = models.CharField(_("生成人"), max_length=150, blank=True)
    made_at = models.DateTimeField(_("生成时间"), db_default=Now())

    class Meta:
        abstract = True


class Review(Reading):
    """复盘 of a campaign: the frozen audience over the days after the freeze."""

    campaign = models.ForeignKey("journeys.Campaign", models.PROTECT, related_name="+", verbose_name=_("营销活动"))

    class Meta:
        verbose_name = verbose_name_plural = _("复盘")
        permissions = [("make_review", _("生成复盘"))]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="review_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="review_versions_from_one"),
        ]
        indexes = [models.Index(fields=["-made_at", "-id"], name="review_newest_first")]


class JourneyReview(Reading):
    """旅程复盘: everybody's first entry over the days after it; only people whose days are over are compared."""

    journey = models.ForeignKey("journeys.Journey", models.PROTECT, related_name="+", verbose_name=_("旅程"))

    class Meta:
        verbose_name = verbose_name_plural = _("旅程复盘")
        constraints = [
            models.UniqueConstraint(fields=["journey", "version"], name="journey_review_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="journey_review_versions_from_one"),
        ]


class Conclusion(models.Model):
    """旅程结论 (M4): why a reading is what it is, and what comes next. The journey goes on; so may a later reading."""

    review = models.OneToOneField(JourneyReview, models.PROTECT, related_name="conclusion", verbose_name=_("旅程复盘"))
    explanation = models.TextField(_("原因分析"), max_length=5000)
    next_action = models.TextField(_("下一步"), max_length=2000)
    concluded_by = models.CharField(_("结论人"), max_length=150)
    concluded_at = models.DateTimeField(_("结论时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("旅程结论")
        constraints = [
            models.CheckConstraint(
                condition=~Q(explanation="") & ~Q(next_action=""), name="conclusion_says_why_and_next"
            )
        ]
