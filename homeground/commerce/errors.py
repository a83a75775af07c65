"""The refusals of the commerce room."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class MissingColumn(BusinessError):
    def __init__(self, column: str) -> None:
        super().__init__(_("订单里缺少“%(column)s”这一列。") % {"column": column})
