"""The five links of the loop (M1): whatever a brand does on its own ground serves one of them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Link(TextChoices):
    """环节, in the loop's order."""

    ACQUIRE = "acquire", _("拉新")
    RETAIN = "retain", _("留存")
    ACTIVATE = "activate", _("促活")
    CONVERT = "convert", _("转化")
    REFER = "refer", _("裂变")
