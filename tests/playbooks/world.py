"""A small brand to install packs on: channels that work, and customers."""

from homeground.channels.models import Channel
from homeground.channels.services.channels import install_defaults
from homeground.content.models import Message
from homeground.journeys.services import install_defaults as install_policy
from homeground.loyalty.models import CouponKind
from homeground.people.services import set_brand
from homeground.playbooks.models import Installation


def make_brand() -> None:
    """A deployment with its defaults; every channel is on."""
    install_defaults()
    Channel.objects.update(is_enabled=True)
    set_brand(name="山间茶事", time_zone="Asia/Shanghai", currency="CNY")
    install_policy()


def fill_blanks(installation: Installation) -> None:
    """What the operator does before publishing: put facts in place of samples, and say how many coupons there are."""
    CouponKind.objects.filter(pk__in=installation.pieces.filter(kind="coupon").values("object_id")).update(stock=100)
    for piece in installation.pieces.filter(kind="message"):
        message = Message.objects.get(pk=piece.object_id)
        message.body = message.body.replace("____", "三")
        message.save(update_fields=["body"])
