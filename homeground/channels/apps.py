from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "homeground.channels"
    verbose_name = _("触达渠道")

    def ready(self) -> None:
        from homeground.channels.services import install_defaults, switch_on_wecom
        from homeground.events.stores import at_opening
        from homeground.wecom.services.connecting import at_connecting

        at_opening(install_defaults)
        at_connecting(switch_on_wecom)
