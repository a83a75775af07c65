from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    name = "homeground.events"
    verbose_name = "事件流"

    def ready(self) -> None:
        from homeground.events.rebasing import rebase_if_ahead
        from homeground.events.stores import at_opening

        autodiscover_modules("handlers")  # Every room's @on(…) registers itself.
        at_opening(rebase_if_ahead)
