from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "homeground.channels"
    verbose_name = "触达渠道"
