from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "homeground.insights"
    verbose_name = "洞察"
