"""聊天与等待: what customers and staff said where anybody tells us, and who waits since when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.service.models.dated import Dated


class Inbound(models.TextChoices):
    """What a customer can wait with (M57, M58)."""

    CHAT = "chat", _("单聊消息")
    MENTION = "mention", _("群里被 @")
    COMMENT = "comment", _("朋友圈评论")
    KF = "kf", _("微信客服")
    REQUEST = "request", _("好友申请")


class ChatMessage(models.Model):
    """聊天消息: one message, once however often it is told. Its words are personal and are erased in time."""

    class Place(models.TextChoices):
        CHAT = "chat", _("单聊")
        GROUP = "group", _("群聊")
        MENTION = "mention", _("群聊中 @ 了员工")
        KF = "kf", _("微信客服")

    msgid = models.CharField(_("消息 ID"), max_length=100, unique=True)
    place = models.CharField(_("场景"), max_length=7, choices=Place.choices)
    staff = models.ForeignKey(
        "wecom.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("员工"),
        help_text="Who wrote it, or to whom; null in a group's messages by customers, and where nobody serves yet.",
    )  # fmt: skip
    external_userid = models.CharField(_("外部联系人 ID"), max_length=64, blank=True)
    customer = models.ForeignKey("people.Customer", models.PROTECT, null=True, related_name="+", verbose_name=_("客户"))
    chat_id = models.CharField(_("群 ID"), max_length=64, blank=True, help_text="Of a group; of kf the open_kfid.")
    is_from_customer = models.BooleanField(_("客户发出"))
    mentions = ArrayField(models.CharField(max_length=64), verbose_name=_("@ 的员工"), default=list)
    text = models.TextField(_("内容"), blank=True)
    at = models.DateTimeField(_("时间"))
    source = models.CharField(_("来源"), max_length=60, help_text='Who told us: "archive", "kf", "import".')
    told_at = models.DateTimeField(_("收到时间"), db_default=Now())
    erased_at = models.DateTimeField(_("内容清除时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("聊天消息")
        permissions = [("read_chats", _("查看所有聊天内容"))]
        indexes = [
            models.Index(fields=["staff", "external_userid", "at"], name="chat_of_two", condition=Q(place="chat")),
            models.Index(fields=["chat_id", "at"], name="chat_of_group", condition=~Q(chat_id="")),
            models.Index(fields=["customer", "-at"], name="chat_of_customer"),
            models.Index(fields=["at"], name="chat_with_words", condition=Q(erased_at__isnull=True)),
        ]


class Closing(models.TextChoices):
    """How a wait ends."""

    MESSAGE = "message", _("平台可见的回复")
    CLICK = "click", _("员工点击已处理")


class Turn(models.Model):
    """来往: one moment of a conversation in which somebody may wait: the customer speaks, or staff answer.

    Waits follow from these rows alone, so that what is told twice or late changes nothing that it should not.
    """

    key = models.CharField(_("键"), max_length=150, help_text='"message:msgid", "reaction:7", "click:number".')
    conversation = models.CharField(
        _("会话"),
        max_length=200,
        help_text='"chat:userid:external_userid", "mention:chat_id:userid", "comment:post:contact", '
        '"kf:open_kfid:external_userid", "request:userid:customer", "logged:number".',
    )
    kind = models.CharField(_("类型"), max_length=7, choices=Inbound.choices)
    at = models.DateTimeField(_("时间"))
    is_inbound = models.BooleanField(_("客户发起"))
    staff = models.ForeignKey(
        "wecom.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("员工"),
        help_text="Who is asked, or who answered.",
    )  # fmt: skip
    customer = models.ForeignKey("people.Customer", models.PROTECT, null=True, related_name="+", verbose_name=_("客户"))
    external_userid = models.CharField(_("外部联系人 ID"), max_length=64, blank=True)
    chat_id = models.CharField(_("群 ID"), max_length=64, blank=True)
    label = models.CharField(_("称呼"), max_length=100, blank=True)
    closing = models.CharField(_("应答方式"), max_length=7, choices=Closing.choices, blank=True)
    by = models.CharField(_("操作人"), max_length=150, blank=True, help_text="Whose click it was.")

    class Meta:
        verbose_name = verbose_name_plural = _("来往")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "key"], name="turn_once"),
            models.CheckConstraint(
                condition=Q(is_inbound=True, closing="") | Q(is_inbound=False, closing__gt=""),
                name="turn_answers_in_a_known_way",
            ),
        ]
        indexes = [models.Index(fields=["conversation", "at"], name="turn_of_conversation")]


class Wait(models.Model):
    """等待: one customer who spoke and was not answered yet, or was; from their first word to the next answer."""

    conversation = models.CharField(_("会话"), max_length=200)
    kind = models.CharField(_("类型"), max_length=7, choices=Inbound.choices)
    staff = models.ForeignKey(
        "wecom.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("员工"), help_text="Who is asked."
    )  # fmt: skip
    customer = models.ForeignKey("people.Customer", models.PROTECT, null=True, related_name="+", verbose_name=_("客户"))
    external_userid = models.CharField(_("外部联系人 ID"), max_length=64, blank=True)
    chat_id = models.CharField(_("群 ID"), max_length=64, blank=True)
    label = models.CharField(_("称呼"), max_length=100, blank=True, help_text="Of a request that a member wrote down.")
    messages = models.PositiveIntegerField(_("条数"), default=1, help_text="What they said while waiting.")
    began_at = models.DateTimeField(_("开始等待"))
    due_at = models.DateTimeField(_("应答时限"))
    answered_at = models.DateTimeField(_("应答时间"), null=True)
    answered_by = models.ForeignKey(
        "wecom.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("应答人")
    )  # fmt: skip
    closing = models.CharField(_("应答方式"), max_length=7, choices=Closing.choices, blank=True)
    is_late = models.GeneratedField(
        expression=models.Case(
            models.When(answered_at__gt=F("due_at"), then=models.Value(True)),
            default=models.Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("超时应答"),
        help_text="Answered after its time; of an open one compare due_at with now.",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("等待")
        permissions = [("lead_team", _("查看并安排整个团队的工作"))]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "began_at"], name="wait_once"),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(answered_at__isnull=True), name="wait_open_once_a_conversation"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, closing="") | Q(answered_at__isnull=False, closing__gt=""),
                name="wait_ends_in_a_known_way",
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "due_at"], name="wait_open", condition=Q(answered_at__isnull=True)),
            models.Index(fields=["staff", "began_at"], name="wait_of_staff"),
            models.Index(fields=["customer", "-began_at"], name="wait_of_customer"),
            models.Index(fields=["began_at"], name="wait_by_day"),
        ]


class ReplyClock(Dated):
    """应答时钟 (M57, M58): within how many minutes one kind of inbound is answered, and whether nights count."""

    kind = models.CharField(_("类型"), max_length=7, choices=Inbound.choices)
    minutes = models.PositiveSmallIntegerField(_("分钟"))
    is_in_hours = models.BooleanField(_("只在工作时段计时"), default=False, help_text=_("关闭：全天计时，夜间也算。"))
    starts = models.TimeField(_("工作时段开始"))
    ends = models.TimeField(_("工作时段结束"))
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("工作日"), default=list, help_text="ISO: 1 Monday, 7 Sunday."
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = _("应答时钟")
        permissions = [("change_clocks", _("修改应答时钟、人力与跟进间隔"))]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 720)), name="clock_within_a_day"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="clock_hours_in_order"),
            models.CheckConstraint(condition=~Q(weekdays=[]), name="clock_has_a_weekday"),
        ]


class ChatRetention(Dated):
    """聊天内容保留: after so many days the words are erased; that somebody spoke stays."""

    days = models.PositiveSmallIntegerField(_("保留天数"), help_text=_("0：收到后不保存内容，只记录谁在何时说过话。"))

    class Meta:
        verbose_name = verbose_name_plural = _("聊天内容保留")
