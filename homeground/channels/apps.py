from django.apps import AppConfig

from homeground.events.stores import at_opening


class ChannelsConfig(AppConfig):
    name = "homeground.channels"
    verbose_name = "触达渠道"

    def ready(self) -> None:
        from homeground.channels.services import install_defaults

        at_opening(install_defaults)
