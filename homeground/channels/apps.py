from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "homeground.channels"
    verbose_name = _("触达渠道")

    def ready(self) -> None:
        from homeground.channels.services import install_defaults
        from homeground.events.stores import at_opening

        at_opening(install_defaults)
