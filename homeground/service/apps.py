from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceConfig(AppConfig):
    name = "homeground.service"
    verbose_name = _("员工服务")

    def ready(self) -> None:
        from homeground.events.stores import at_opening
        from homeground.service.services import rules
        from homeground.service.services.scorecard import install_goals
        from homeground.service.services.tickets import install_ticket_defaults

        at_opening(install_ticket_defaults)
        at_opening(install_goals)
        at_opening(rules.install_defaults)
