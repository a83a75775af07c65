from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "homeground.commerce"
    verbose_name = "订单"
