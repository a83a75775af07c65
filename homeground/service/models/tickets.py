"""工单与分拣: matters with a deadline, in two queues (M61), and what the messages behind them are about (M62)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.service.models.chats import ChatMessage
from homeground.service.models.dated import Dated


class Queue(models.TextChoices):
    """业务问题找专家，售后问题找客服 (M61)."""

    EXPERT = "expert", _("专家")
    AFTER_SALES = "after_sales", _("售后客服")


class Topic(models.TextChoices):
    """What a message is about."""

    QUESTION = "question", _("业务咨询")
    AFTER_SALES = "after_sales", _("售后")
    COMPLAINT = "complaint", _("投诉")
    OTHER = "other", _("闲聊")


class QueueMember(models.Model):
    """队列成员: who takes tickets of a queue."""

    queue = models.CharField(_("队列"), max_length=11, choices=Queue.choices)
    staff = models.ForeignKey("wecom.Staff", models.CASCADE, related_name="+", verbose_name=_("员工"))

    class Meta:
        verbose_name = verbose_name_plural = _("队列成员")
        constraints = [models.UniqueConstraint(fields=["queue", "staff"], name="queue_member_once")]


class TicketClock(Dated):
    """处理时限: within how many minutes a ticket is closed."""

    queue = models.CharField(_("队列"), max_length=11, choices=Queue.choices)
    is_complaint = models.BooleanField(_("投诉"), default=False)
    minutes = models.PositiveIntegerField(_("分钟"))

    class Meta:
        verbose_name = verbose_name_plural = _("处理时限")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(5, 43_200)), name="ticket_clock_within_a_month")
        ]


class Ticket(models.Model):
    """工单: one matter of one customer. While it is open, what they say on it is added to it."""

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        WORKING = "working", _("处理中")
        CLOSED = "closed", _("已结单")

    customer = models.ForeignKey("people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"))
    queue = models.CharField(_("队列"), max_length=11, choices=Queue.choices)
    is_complaint = models.BooleanField(_("投诉"), default=False)
    text = models.TextField(_("客户说了什么"), max_length=2000)
    place = models.CharField(_("来自"), max_length=7, choices=[*ChatMessage.Place.choices, ("hand", _("员工转来"))])
    chat_id = models.CharField(_("群 ID"), max_length=64, blank=True)
    staff = models.ForeignKey("wecom.Staff", models.PROTECT, null=True, related_name="+", verbose_name=_("处理人"))
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.OPEN)
    opened_by = models.CharField(_("开单人"), max_length=150, help_text='A login, or "sorting".')
    opened_at = models.DateTimeField(_("开单时间"))
    due_at = models.DateTimeField(_("处理时限"))
    closed_at = models.DateTimeField(_("结单时间"), null=True)
    closed_by = models.CharField(_("结单人"), max_length=150, blank=True)
    resolution = models.TextField(_("处理结果"), max_length=2000, blank=True)
    is_late = models.GeneratedField(
        expression=models.Case(
            models.When(closed_at__gt=F("due_at"), then=models.Value(True)), default=models.Value(False)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("超时结单"),
        help_text="Closed after its time; of an open one compare due_at with now.",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("工单")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "queue"], condition=Q(closed_at__isnull=True), name="ticket_open_once_a_queue"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, resolution__gt="")
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="ticket_closes_with_a_resolution",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="ticket_open", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["-opened_at", "-id"], name="ticket_newest_first"),
            models.Index(fields=["customer"], name="ticket_of_customer"),
            models.Index(fields=["chat_id", "opened_at"], name="ticket_of_group", condition=~Q(chat_id="")),
        ]


class TicketNote(models.Model):
    """工单记录: what was said or done on a ticket. Rows are added, never changed."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notes")
    by = models.CharField(_("谁"), max_length=150)
    text = models.TextField(_("内容"), max_length=2000)
    at = models.DateTimeField(_("时间"))
    message = models.OneToOneField(ChatMessage, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("工单记录")
        ordering = ["at", "pk"]


class SortingRule(models.Model):
    """分拣规则: words that decide without the classifier, the first rule in order."""

    words = ArrayField(models.CharField(max_length=30), verbose_name=_("关键词"), help_text=_("出现任意一个就命中。"))
    topic = models.CharField(_("判为"), max_length=11, choices=Topic.choices)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_enabled = models.BooleanField(_("启用"), default=True)
    set_by = models.CharField(_("设置人"), max_length=150)

    class Meta:
        verbose_name = verbose_name_plural = _("分拣规则")
        ordering = ["order", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(words=[]), name="sorting_rule_has_words")]


class MessageLabel(models.Model):
    """消息分拣: what one customer's message was taken for, by what, and what a colleague said it is."""

    class By(models.TextChoices):
        RULE = "rule", _("规则")
        MODEL = "model", _("分类器")
        PERSON = "person", _("人工")

    message = models.OneToOneField(ChatMessage, models.CASCADE, related_name="label")
    topic = models.CharField(_("主题"), max_length=11, choices=Topic.choices)
    is_negative = models.BooleanField(_("负面"))
    confidence_bp = models.PositiveSmallIntegerField(
        _("把握"), help_text="The classifier's own probability, basis points."
    )
    by = models.CharField(_("判定方式"), max_length=6, choices=By.choices)
    rule = models.ForeignKey(SortingRule, models.SET_NULL, null=True, related_name="+")
    corrected_by = models.CharField(_("更正人"), max_length=150, blank=True)
    corrected_at = models.DateTimeField(_("更正时间"), null=True)
    labelled_at = models.DateTimeField(_("判定时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("消息分拣")
        indexes = [
            models.Index(fields=["-id"], name="label_unsure", condition=Q(by="model", confidence_bp__lt=5000)),
            models.Index(fields=["corrected_at"], name="label_corrected", condition=Q(corrected_at__isnull=False)),
        ]
