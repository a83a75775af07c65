from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "homeground.journeys"
    verbose_name = _("营销活动")

    def ready(self) -> None:
        from homeground.events.stores import at_opening
        from homeground.journeys.queries.known import segment_users
        from homeground.journeys.services import install_defaults
        from homeground.segments.queries import also_used_by

        at_opening(install_defaults)
        also_used_by(segment_users)
