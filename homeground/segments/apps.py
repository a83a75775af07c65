from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "homeground.segments"
    verbose_name = "人群"
