from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "homeground.console"
    verbose_name = "控制台"

    def ready(self) -> None:
        from homeground.console import navigation, roles
        from homeground.events.stores import at_opening
        from homeground.ui import shell

        shell.provide(navigation.shell)
        at_opening(roles.install_roles)
