"""沙盒群发与欢迎语: what waits for a member's yes, and what became of each recipient."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.sandbox.models.contacts import Contact, Friendship
from homeground.sandbox.models.groups import GroupChat
from homeground.sandbox.models.members import Member


class WelcomeCode(models.Model):
    """欢迎语凭证: 20 seconds from its creation, once."""

    code = models.CharField(_("凭证"), max_length=128, unique=True)
    friendship = models.ForeignKey(Friendship, models.CASCADE, related_name="welcome_codes")
    created_at = models.DateTimeField(_("创建时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True)
    content = models.JSONField(_("欢迎语"), null=True, help_text='{"text": …, "attachments": […]} as sent.')

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒欢迎语凭证")


class MassMessage(models.Model):
    """群发: of the corp (create_type 0) or one that a member made in the client (1)."""

    class ChatType(models.TextChoices):
        SINGLE = "single", _("发给客户")
        GROUP = "group", _("发到客户群")

    msgid = models.CharField(_("群发 ID"), max_length=64, unique=True)
    chat_type = models.CharField(_("类型"), max_length=6, choices=ChatType.choices)
    create_type = models.PositiveSmallIntegerField(_("创建方"), default=0, help_text="0 the corp, 1 a member.")
    creator = models.CharField(_("创建人"), max_length=64, blank=True, help_text="Empty: made by API.")
    content = models.JSONField(_("内容"), help_text='{"text": {"content": …}, "attachments": […]} as given.')
    allow_select = models.BooleanField(_("可改收件人"), default=False)
    created_at = models.DateTimeField(_("创建时间"))
    cancelled_at = models.DateTimeField(_("停止时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒群发")
        indexes = [models.Index(fields=["chat_type", "created_at", "id"], name="sandbox_mass_by_time")]


class MassTask(models.Model):
    """群发任务: what one member has to confirm."""

    message = models.ForeignKey(MassMessage, models.CASCADE, related_name="tasks")
    member = models.ForeignKey(Member, models.CASCADE, related_name="mass_tasks")
    sent_at = models.DateTimeField(_("发送时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒群发任务")
        constraints = [models.UniqueConstraint(fields=["message", "member"], name="sandbox_mass_task_once")]
        indexes = [models.Index(fields=["member"], name="sandbox_mass_task_open", condition=Q(sent_at__isnull=True))]


class MassRecipient(models.Model):
    """群发对象: one customer or one group, and what became of it."""

    class Status(models.IntegerChoices):
        WAITING = 0, _("未发送")
        SENT = 1, _("已发送")
        NOT_FRIEND = 2, _("因客户不是好友而失败")
        TOO_MANY = 3, _("因客户已收到其他群发而失败")

    message = models.ForeignKey(MassMessage, models.CASCADE, related_name="recipients", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="mass_places", db_index=False)
    chat = models.ForeignKey(GroupChat, models.CASCADE, null=True, related_name="mass_places", db_index=False)
    status = models.PositiveSmallIntegerField(_("状态"), choices=Status.choices, default=Status.WAITING)
    sent_at = models.DateTimeField(_("发送时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒群发对象")
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=True) ^ Q(chat__isnull=True), name="sandbox_mass_recipient_is_one"
            ),
            models.CheckConstraint(
                condition=Q(status=1, sent_at__isnull=False) | (~Q(status=1) & Q(sent_at__isnull=True)),
                name="sandbox_mass_recipient_sent_then",
            ),
        ]
        indexes = [
            models.Index(fields=["message", "member", "id"], name="sandbox_mass_recipient_page"),
            # Each names its own column, or the planner counts a contact's messages by the index of the chats.
            models.Index(
                fields=["contact", "sent_at"],
                name="sandbox_mass_to_contact",
                condition=Q(status=1, contact__isnull=False),
            ),
            models.Index(
                fields=["chat", "sent_at"], name="sandbox_mass_to_chat", condition=Q(status=1, chat__isnull=False)
            ),
        ]


class MassReminder(models.Model):
    """群发提醒: at most 3 in 24 hours for one message."""

    message = models.ForeignKey(MassMessage, models.CASCADE, related_name="reminders")
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒群发提醒")
