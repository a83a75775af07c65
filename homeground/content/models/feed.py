"""朋友圈计划: what is posted when, to whom and by whom; of what kind a feed is made; how much of it may sell."""

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from homeground.content.models.personas import Persona
from homeground.core.kept import KeptCount

MOST_CHARACTERS, MOST_BYTES = 2000, 4000  # Of a post; the platform refuses either alone.


class FeedKind(models.TextChoices):
    """内容类型 (M51). Goods and benefits ask for money; soup is what others wrote, and only ever a label."""

    GOODS = "goods", _("产品")
    BENEFIT = "benefit", _("福利")
    LIFE = "life", _("生活")
    EXPERTISE = "expertise", _("专业")
    PROOF = "proof", _("口碑见证")
    SOUP = "soup", _("鸡汤与转载")


SELLING = (FeedKind.GOODS, FeedKind.BENEFIT)
PLANNED_KINDS = tuple(kind for kind in FeedKind if kind != FeedKind.SOUP)


class MomentPlan(models.Model):
    """朋友圈计划: one post of the calendar."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PLANNED = "planned", _("待发表")
        HANDING = "handing", _("正在下发")
        HANDED = "handed", _("员工发表中")
        CLOSED = "closed", _("已结束")
        FAILED = "failed", _("未能发出")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("全部客户")
        TAGS = "tags", _("按标签")

    # What counts towards the mix: what was posted or is going to be.
    COUNTING = (State.PLANNED, State.HANDING, State.HANDED, State.CLOSED)

    kind = models.CharField(_("内容类型"), max_length=9, choices=[(kind.value, kind.label) for kind in PLANNED_KINDS])
    topic = models.CharField(_("选题"), max_length=60, help_text=_("一句话写清这条讲什么，只有团队看得到。"))
    text = models.TextField(_("文案"), max_length=MOST_CHARACTERS, blank=True)
    attachments = models.JSONField(_("附件"), default=list, blank=True, help_text="In our form, of one kind only.")
    audience = models.CharField(_("谁能看"), max_length=8, choices=Audience.choices, default=Audience.TAGS)
    tags = models.ManyToManyField("people.Tag", related_name="+", blank=True, verbose_name=_("客户标签"))
    is_by_all = models.BooleanField(_("全体员工发表"), default=False)
    senders = models.ManyToManyField("wecom.Staff", related_name="+", blank=True, verbose_name=_("发表员工"))
    persona = models.ForeignKey(
        Persona, models.SET_NULL, null=True, blank=True, related_name="plans", verbose_name=_("人设")
    )
    planned_at = models.DateTimeField(_("计划时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.DRAFT)
    moment = models.OneToOneField("wecom.Moment", models.SET_NULL, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, help_text="When a job began to hand it over.")
    retry_at = models.DateTimeField(null=True, help_text="Not before, after a try that failed.")
    error = models.CharField(_("最近错误"), max_length=300, blank=True)
    override_reason = models.CharField(_("例外理由"), max_length=200, blank=True)
    override_by = models.CharField(_("例外批准人"), max_length=150, blank=True)
    override_at = models.DateTimeField(_("例外批准时间"), null=True)
    copied_from = models.OneToOneField("self", models.SET_NULL, null=True, related_name="+")
    created_by = models.CharField(_("创建人"), max_length=150)
    created_at = models.DateTimeField(_("创建时间"), db_default=Now())
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈计划")
        permissions = [("override_mix", _("批准朋友圈例外"))]
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), MOST_CHARACTERS), name="moment_plan_text_in_characters"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func(F("text"), function="octet_length", output_field=models.IntegerField()), MOST_BYTES
                ),
                name="moment_plan_text_in_bytes",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | GreaterThan(Length("text"), 0) | ~Q(attachments=[]),
                name="moment_plan_says_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="handing") | Q(claimed_at__isnull=False), name="moment_plan_claimed_by_someone"
            ),
            models.CheckConstraint(
                condition=Q(override_reason="", override_by="", override_at__isnull=True)
                | Q(override_reason__gt="", override_by__gt="", override_at__isnull=False),
                name="moment_plan_override_is_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["planned_at"], name="moment_plan_by_day"),
            models.Index(fields=["planned_at"], name="moment_plan_open", condition=Q(state__in=("planned", "handing"))),
        ]


class MomentLabel(models.Model):
    """朋友圈归类: what kind a post is that nobody planned here; an operator says it."""

    moment = models.OneToOneField("wecom.Moment", models.CASCADE, primary_key=True, related_name="+")
    kind = models.CharField(_("内容类型"), max_length=9, choices=FeedKind.choices)
    set_by = models.CharField(_("归类人"), max_length=150)
    set_at = models.DateTimeField(_("归类时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈归类")


class FeedCount(KeptCount):
    """朋友圈效果统计: what was counted of Moments, to be shown again."""

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈效果统计")


class FeedLimit(models.Model):
    """朋友圈配比: how much of a feed may sell (M14, M51). Dated rows with their source; a change is a new row."""

    max_selling_bp = models.PositiveSmallIntegerField(_("产品与福利最多占"), help_text="Basis points.")
    window_days = models.PositiveSmallIntegerField(_("统计天数"))
    min_posts = models.PositiveSmallIntegerField(_("起算条数"))
    max_per_day = models.PositiveSmallIntegerField(_("每人每天最多条数"))
    valid_from = models.DateTimeField(_("生效时间"))
    source = models.CharField(_("依据"), max_length=300, help_text=_("写明出处，例如平台规则或团队决定。"))
    set_by = models.CharField(_("设置人"), max_length=150)
    set_at = models.DateTimeField(_("设置时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("朋友圈配比")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_selling_bp__lte=10_000)
                & Q(window_days__range=(1, 90))
                & Q(min_posts__gte=2)
                & Q(max_per_day__gte=1),
                name="feed_limit_possible",
            )
        ]
