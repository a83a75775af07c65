from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "homeground.people"
    verbose_name = "客户"
