"""Refusals of the room. Each changes nothing."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class PackRefused(BusinessError):
    """A file that is no pack: which file, which field, and why. Nothing of it is used."""

    def __init__(self, file: str, field: str, reason: str) -> None:
        self.file, self.field, self.reason = file, field, reason
        super().__init__(_("%(file)s：%(field)s：%(reason)s") % {"file": file, "field": field or "$", "reason": reason})


class NoSuchPack(BusinessError):
    """A slug that no pack has."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("没有标识为“%(slug)s”的打法") % {"slug": slug})


class CannotInstall(BusinessError):
    """A piece that cannot be made here: then none is."""


class NotInstalled(BusinessError):
    """A pack that would have to be installed first."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("打法“%(slug)s”还没有安装，请先安装。") % {"slug": slug})


class CannotUpgrade(BusinessError):
    """A choice of pieces that would leave something out that they need, or overwrite an edit."""
