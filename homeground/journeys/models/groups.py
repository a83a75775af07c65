"""群触达: the groups of a campaign that goes to customer groups, and who of them is left out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeground.journeys.models.campaigns import Campaign
from homeground.journeys.models.touches import QUIET_HOURS


class GroupState(models.TextChoices):
    """What we do with a group. What became of one that is placed, the platform's record of the send tells."""

    HELD_OUT = "held_out", _("整群对照")
    SUPPRESSED = "suppressed", _("已排除")
    QUEUED = "queued", _("待发送")
    DEFERRED = "deferred", _("已顺延")
    PLACED = "placed", _("已交给平台")


class GroupReason(models.TextChoices):
    """Why a group does not get it, in the order in which they are asked for: what is impossible before what we may not.

    The last two are not of the guard: somebody cancelled, or the platform could not be reached until the end.
    """

    DISMISSED = "dismissed", _("群已解散")
    NO_OWNER = "no_owner", _("没有在职的群主")
    GROUP_CAP = "group_cap", _("群里的营销已到上限")
    GROUP_SHARE = "group_share", _("群里的营销占比过高")
    PLATFORM_QUOTA = "platform_quota", _("平台群发额度用尽")
    CANCELLED = "cancelled", _("活动已取消")
    EXPIRED = "expired", _("观察期结束前没能交给平台")


class GroupTouch(models.Model):
    """群触达: one customer group of a campaign. Its owner alone can send to it, by one confirmation for all of theirs.

    customer_ids: the customers in it at the freeze, survivors: nobody can be left out of a group, or held out.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="group_touches", db_index=False)
    chat = models.ForeignKey("wecom.GroupChat", models.PROTECT, related_name="+", verbose_name=_("客户群"))
    customer_ids = ArrayField(models.BigIntegerField(), verbose_name=_("群里的客户"))
    state = models.CharField(_("状态"), max_length=10, choices=GroupState.choices)
    reason = models.CharField(_("原因"), max_length=20, blank=True)
    detail = models.JSONField(_("说明"), null=True, help_text="The figures behind the reason.")
    due_at = models.DateTimeField(_("应发时间"), help_text="Not before.")
    key = models.CharField(
        _("群发键"), max_length=100, blank=True, help_text="Of the wecom.MassSend; stored before the platform is asked."
    )

    class Meta:
        verbose_name = verbose_name_plural = _("群触达")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "chat"], name="group_touch_once_per_group"),
            models.CheckConstraint(condition=Q(state="placed") ^ Q(key=""), name="group_touch_placed_has_key"),
            models.CheckConstraint(
                condition=(
                    Q(state="suppressed", reason__in=GroupReason.values)
                    | Q(state="deferred", reason=QUIET_HOURS)
                    | Q(state__in=("held_out", "queued", "placed"), reason="")
                ),
                name="group_touch_left_out_for_a_known_reason",
            ),
        ]
        indexes = [models.Index(fields=["key"], name="group_touch_of_send", condition=~Q(key=""))]
