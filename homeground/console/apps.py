from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "homeground.console"
    verbose_name = "控制台"
