from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "homeground.journeys"
    verbose_name = "营销活动"
