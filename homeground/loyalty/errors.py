"""Refusals of the room. Each changes nothing."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class BadPoints(BusinessError):
    """Points or a cause that cannot be."""


class NotEnoughPoints(BusinessError):
    """More asked for than there is."""

    def __init__(self, balance: int, wanted: int) -> None:
        super().__init__(_("可用积分只有 %(balance)d，不够扣 %(wanted)d。") % {"balance": balance, "wanted": wanted})


class CauseAlreadyUsed(BusinessError):
    """The same cause was used for something else."""

    def __init__(self, cause: str) -> None:
        super().__init__(_("事由“%(cause)s”已经用过，而且内容不同。另一件事请用另一个事由。") % {"cause": cause})


class NoSuchPosting(BusinessError):
    """Nothing was posted for this cause."""

    def __init__(self, cause: str) -> None:
        super().__init__(_("没有事由为“%(cause)s”的积分流水。") % {"cause": cause})


class TooMuchReversed(BusinessError):
    """More taken back than was posted and is not taken back yet."""

    def __init__(self, left: int) -> None:
        super().__init__(_("这笔流水最多还能冲回 %(left)d 积分。") % {"left": left})


class BadCouponKind(BusinessError):
    """A coupon kind that cannot be."""


class CannotGrant(BusinessError):
    """The coupon could not be given; the sentence says why."""


class NoSuchCoupon(BusinessError):
    """No coupon has this code."""

    def __init__(self) -> None:
        super().__init__(_("没有这张券，请核对券码。"))


class CannotUse(BusinessError):
    """The coupon is used, over, revoked or not yet good, or the order is too small."""
