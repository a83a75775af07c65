from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "homeground.journeys"
    verbose_name = _("营销活动")
