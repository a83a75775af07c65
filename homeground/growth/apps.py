from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrowthConfig(AppConfig):
    name = "homeground.growth"
    verbose_name = _("入口与来源")

    def ready(self) -> None:
        from homeground.growth.services.placing import place_all_again
        from homeground.growth.services.welcomes import choose_welcome
        from homeground.wecom.services.connecting import at_connecting
        from homeground.wecom.services.welcome import answer_with

        answer_with(choose_welcome)
        at_connecting(place_all_again)
