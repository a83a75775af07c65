from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "homeground.sandbox"
    verbose_name = "沙盒"
