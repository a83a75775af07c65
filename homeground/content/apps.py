from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "homeground.content"
    verbose_name = "内容"
