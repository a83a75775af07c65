"""沙盒客户: external contacts, their ties with members, and requests for such a tie."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.sandbox.models.doors import AcquisitionLink
from homeground.sandbox.models.members import Member


class Contact(models.Model):
    """外部联系人: one person outside, friend of the corp or not yet."""

    external_userid = models.CharField(_("外部联系人 ID"), max_length=64, unique=True)
    name = models.CharField(_("昵称"), max_length=100)
    kind = models.PositiveSmallIntegerField(_("类型"), default=1, help_text="1 WeChat user, 2 WeCom user.")
    gender = models.PositiveSmallIntegerField(_("性别"), default=0)
    avatar = models.CharField(_("头像"), max_length=500, blank=True)
    unionid = models.CharField("UnionID", max_length=64, blank=True)
    openid = models.CharField("OpenID", max_length=64, blank=True)
    mobile = models.CharField(_("手机号"), max_length=20, blank=True, help_text="The API never shows it.")
    position = models.CharField(_("职务"), max_length=64, blank=True)
    corp_name = models.CharField(_("企业"), max_length=64, blank=True)
    corp_full_name = models.CharField(_("企业全称"), max_length=128, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒客户")


class Friendship(models.Model):
    """好友关系 between one member and one contact. An ended one stays, for the statistics."""

    class Ending(models.TextChoices):
        BY_MEMBER = "by_member", _("员工删除")
        BY_CUSTOMER = "by_customer", _("客户删除")
        TRANSFERRED = "transferred", _("已转接")

    member = models.ForeignKey(Member, models.CASCADE, related_name="friendships", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="friendships", db_index=False)
    created_at = models.DateTimeField(_("添加时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    ending = models.CharField(_("结束方式"), max_length=11, choices=Ending.choices, blank=True)
    is_half = models.BooleanField(
        _("员工尚未确认"), default=False, help_text="Added without verification; the member has not opened it yet."
    )
    remark = models.CharField(_("备注"), max_length=100, blank=True)
    description = models.CharField(_("描述"), max_length=150, blank=True)
    remark_company = models.CharField(_("备注企业"), max_length=20, blank=True)
    remark_mobiles = ArrayField(models.CharField(max_length=30), verbose_name=_("备注手机号"), default=list)
    tag_ids = ArrayField(models.CharField(max_length=64), verbose_name=_("企业标签"), default=list)
    personal_tags = ArrayField(models.CharField(max_length=30), verbose_name=_("个人标签"), default=list)
    oper_userid = models.CharField(_("发起方"), max_length=64, blank=True)
    add_way = models.PositiveSmallIntegerField(_("添加方式"), default=0)
    state = models.CharField(_("渠道标识"), max_length=64, blank=True)
    wechat_channels = models.JSONField(_("视频号"), null=True, help_text="Only with add_way 10.")
    link = models.ForeignKey(AcquisitionLink, models.SET_NULL, null=True, related_name="friendships", db_index=False)
    chat_started_at = models.DateTimeField(_("首次聊天"), null=True, help_text="The first message of either side.")
    customer_messaged_at = models.DateTimeField(_("客户首次发言"), null=True)
    interacted_at = models.DateTimeField(_("最近互动"), help_text="The latest message of either side, else created_at.")

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒好友关系")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "contact"], condition=Q(ended_at__isnull=True), name="sandbox_friendship_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="") | Q(ended_at__isnull=False, ending__gt=""),
                name="sandbox_friendship_ending_known",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "id"], name="sandbox_friendship_of_member"),
            models.Index(fields=["contact", "-interacted_at"], name="sandbox_friendship_latest"),
            models.Index(fields=["link", "id"], name="sandbox_friendship_of_link", condition=Q(link__isnull=False)),
            GinIndex(fields=["tag_ids"], name="sandbox_friendship_tags"),
        ]


class FriendRequest(models.Model):
    """好友申请, waiting for a yes, or answered."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="friend_requests")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="friend_requests")
    is_from_member = models.BooleanField(_("员工发起"), default=False)
    words = models.CharField(_("验证语"), max_length=100, blank=True)
    add_way = models.PositiveSmallIntegerField(_("添加方式"), default=0)
    state = models.CharField(_("渠道标识"), max_length=64, blank=True)
    link = models.ForeignKey(AcquisitionLink, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("申请时间"))
    accepted_at = models.DateTimeField(_("通过时间"), null=True)
    refused_at = models.DateTimeField(_("拒绝时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒好友申请")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "contact"],
                condition=Q(accepted_at__isnull=True, refused_at__isnull=True),
                name="sandbox_friend_request_once",
            )
        ]
        indexes = [models.Index(fields=["member", "-created_at"], name="sandbox_friend_request_newest")]


class Transfer(models.Model):
    """继承 of one customer: done 24 h after the start by the corp's clock, unless refused."""

    class Status(models.IntegerChoices):
        DONE = 1, _("接替完毕")
        WAITING = 2, _("等待接替")
        REFUSED = 3, _("客户拒绝")
        FULL = 4, _("接替成员客户达到上限")

    handover = models.ForeignKey(Member, models.CASCADE, related_name="+")
    takeover = models.ForeignKey(Member, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="transfers")
    is_resigned = models.BooleanField(_("离职继承"), default=False)
    message = models.CharField(_("转接提示"), max_length=200, blank=True)
    status = models.PositiveSmallIntegerField(_("状态"), choices=Status.choices, default=Status.WAITING)
    started_at = models.DateTimeField(_("发起时间"))
    decided_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("沙盒继承")
        constraints = [
            models.UniqueConstraint(fields=["contact", "handover"], condition=Q(status=2), name="sandbox_transfer_once")
        ]
        indexes = [
            models.Index(fields=["handover", "takeover", "id"], name="sandbox_transfer_pair"),
            models.Index(fields=["started_at"], name="sandbox_transfer_waiting", condition=Q(status=2)),
        ]
