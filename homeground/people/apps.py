from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "homeground.people"
    verbose_name = "客户"

    def ready(self) -> None:
        from homeground.events import stream
        from homeground.events.stores import at_opening
        from homeground.people import services

        stream.resolver = services.resolve
        stream.chores.append(services.mirror)
        at_opening(services.install_brand)
