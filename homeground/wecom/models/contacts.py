"""外部联系人与跟进: who is friends with which member of staff, now and before."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from homeground.wecom.models.staff import Staff
from homeground.wecom.models.tags import CorpTag


class ExternalContact(models.Model):
    """外部联系人: one contact of the corp, and the customer whom that is."""

    class Kind(models.IntegerChoices):
        WECHAT = 1, _("微信用户")
        WECOM = 2, _("企业微信用户")

    external_userid = models.CharField(_("外部联系人 ID"), max_length=64)
    customer = models.ForeignKey(
        "people.Customer", models.PROTECT, related_name="+", verbose_name=_("客户"), help_text="May be absorbed since."
    )
    name = models.CharField(_("昵称"), max_length=200, blank=True)
    avatar = models.URLField(_("头像"), max_length=500, blank=True)
    kind = models.PositiveSmallIntegerField(_("类型"), choices=Kind.choices, default=Kind.WECHAT)
    gender = models.PositiveSmallIntegerField(_("性别"), default=0, help_text="0 unknown, 1 male, 2 female.")
    unionid = models.CharField("UnionID", max_length=64, blank=True)
    corp_name = models.CharField(_("企业"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("外部联系人")
        # No unique=True: it would bring a second index, for prefixes that nobody looks for.
        constraints = [models.UniqueConstraint(fields=["external_userid"], name="contact_once")]


class Follow(models.Model):
    """跟进: the tie between one member of staff and one external contact. A tie that ended stays as history (M37)."""

    class Ending(models.TextChoices):
        BY_STAFF = "by_staff", _("员工删除了客户")
        BY_CUSTOMER = "by_customer", _("客户删除了员工")
        TRANSFERRED = "transferred", _("已转接给同事")
        NOT_THERE = "not_there", _("同步时平台上已没有")

    staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="follows", db_index=False, verbose_name=_("员工")
    )  # The indexes below begin with it.
    contact = models.ForeignKey(
        ExternalContact, models.CASCADE, related_name="follows", db_index=False, verbose_name=_("外部联系人")
    )
    began_at = models.DateTimeField(_("添加时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    ending = models.CharField(_("结束方式"), max_length=12, choices=Ending.choices, blank=True)
    is_pending = models.BooleanField(
        _("员工尚未确认"), default=False, help_text="Added without verification, not yet confirmed."
    )
    requested_at = models.DateTimeField(_("申请时间"), null=True, help_text="When the request came, where anyone told.")
    add_way = models.PositiveSmallIntegerField(_("添加方式"), default=0, help_text="The platform's own number.")
    state = models.CharField(_("渠道标识"), max_length=64, blank=True, help_text="What the door gave along.")
    initiator = models.CharField(_("发起方"), max_length=64, blank=True, help_text="oper_userid: who added whom.")
    remark = models.CharField(_("备注"), max_length=60, blank=True)
    description = models.CharField(_("描述"), max_length=450, blank=True)
    mobiles = ArrayField(models.CharField(max_length=30), verbose_name=_("备注手机号"), default=list)
    corp_remark = models.CharField(_("备注企业"), max_length=60, blank=True)
    talked_at = models.DateTimeField(_("最近往来"), null=True, help_text="The latest exchange that anyone told us of.")
    seen_at = models.DateTimeField(_("最近同步"), help_text="When the platform last showed it to us.")

    class Meta:
        verbose_name = verbose_name_plural = _("跟进")
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "contact"], condition=Q(ended_at__isnull=True), name="follow_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="") | Q(ended_at__isnull=False, ending__gt=""),
                name="follow_ends_in_a_known_way",
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "-began_at", "-id"], name="follow_newest_first"),
            models.Index(fields=["contact"], name="follow_of_contact"),
            models.Index(fields=["state"], name="follow_by_state", condition=~Q(state="")),
        ]


class FollowTag(models.Model):
    """跟进标签: a corp tag that one member of staff, or an app, put on one contact."""

    follow = models.ForeignKey(Follow, models.CASCADE, related_name="follow_tags", db_index=False)
    tag = models.ForeignKey(CorpTag, models.CASCADE, related_name="+")
    put_at = models.DateTimeField(_("打标时间"), db_default=Now())
    is_in_step = models.BooleanField(
        _("已对齐"), default=False, help_text="Our tag was on the customer too: if it is not now, we took it off."
    )

    class Meta:
        verbose_name = verbose_name_plural = _("跟进标签")
        constraints = [models.UniqueConstraint(fields=["follow", "tag"], name="follow_tag_once")]
        indexes = [models.Index(fields=["tag"], name="follow_tag_out_of_step", condition=Q(is_in_step=False))]
