"""沙盒会话: messages between members and customers, from apps to members, and of customer service accounts."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.sandbox.models.contacts import Contact, Friendship
from homeground.sandbox.models.groups import GroupChat
from homeground.sandbox.models.members import Member


class ChatMessage(models.Model):
    """聊天消息 in a single chat (friendship) or in a group (chat)."""

    msgid = models.CharField(_("消息 ID"), max_length=64, unique=True)
    friendship = models.ForeignKey(Friendship, models.CASCADE, null=True, related_name="messages", db_index=False)
    chat = models.ForeignKey(GroupChat, models.CASCADE, null=True, related_name="messages", db_index=False)
    member = models.ForeignKey(
        Member, models.CASCADE, null=True, related_name="+", help_text="The member of a single chat, or the sender."
    )
    contact = models.ForeignKey(  # Who is there in a single chat, or the sender.
        Contact, models.CASCADE, null=True, related_name="+", db_index=False
    )
    is_from_customer = models.BooleanField(_("客户发出"))
    is_broadcast = models.BooleanField(
        _("群发或欢迎语"), default=False, help_text="Not written by hand: counts in no statistics of chats."
    )
    msgtype = models.CharField(_("类型"), max_length=12, default="text")
    text = models.TextField(_("内容"), blank=True)
    attachments = models.JSONField(_("附件"), default=list, help_text="As an API took them.")
    mentions = ArrayField(models.CharField(max_length=64), verbose_name=_("提到的人"), default=list)
    sent_at = models.DateTimeField(_("时间"))
    archived_at = models.DateTimeField(_("已推送存档"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒聊天消息")
        constraints = [
            models.CheckConstraint(
                condition=Q(friendship__isnull=True) ^ Q(chat__isnull=True), name="sandbox_chat_message_is_in_one"
            )
        ]
        indexes = [
            models.Index(fields=["friendship", "sent_at"], name="sandbox_chat_of_friendship"),
            models.Index(fields=["chat", "sent_at"], name="sandbox_chat_of_group", condition=Q(chat__isnull=False)),
            models.Index(fields=["member", "sent_at"], name="sandbox_chat_of_member"),
            models.Index(fields=["id"], name="sandbox_chat_to_archive", condition=Q(archived_at__isnull=True)),
        ]


class AppMessage(models.Model):
    """应用消息 on one member's phone."""

    msgid = models.CharField(_("消息 ID"), max_length=64)
    member = models.ForeignKey(Member, models.CASCADE, related_name="app_messages")
    msgtype = models.CharField(_("类型"), max_length=20)
    content = models.JSONField(_("内容"))
    sent_at = models.DateTimeField(_("时间"))
    recalled_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒应用消息")
        constraints = [models.UniqueConstraint(fields=["msgid", "member"], name="sandbox_app_message_once")]
        indexes = [models.Index(fields=["member", "-sent_at"], name="sandbox_app_message_newest")]


class KfAccount(models.Model):
    """微信客服账号"""

    open_kfid = models.CharField(_("客服账号 ID"), max_length=64, unique=True)
    name = models.CharField(_("名称"), max_length=16)
    avatar = models.CharField(_("头像"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒客服账号")


class KfMessage(models.Model):
    """客服消息: origin 3 the customer, 4 a system event, 5 the account."""

    account = models.ForeignKey(KfAccount, models.CASCADE, related_name="messages")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    msgid = models.CharField(_("消息 ID"), max_length=64, unique=True)
    origin = models.PositiveSmallIntegerField(_("来源"))
    servicer = models.CharField(_("接待人"), max_length=64, blank=True)
    msgtype = models.CharField(_("类型"), max_length=12)
    content = models.JSONField(_("内容"), help_text="The block named like msgtype.")
    sent_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒客服消息")
        indexes = [
            models.Index(fields=["account", "id"], name="sandbox_kf_page"),
            models.Index(fields=["account", "contact", "-sent_at"], name="sandbox_kf_window"),
        ]


class KfToken(models.Model):
    """客服回调凭证: for 10 minutes it lets sync_msg be called at full speed."""

    token = models.CharField(_("凭证"), max_length=128, unique=True)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒客服回调凭证")
