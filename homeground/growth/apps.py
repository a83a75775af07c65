from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrowthConfig(AppConfig):
    name = "homeground.growth"
    verbose_name = _("入口与来源")
