"""Rules of the room are rows with a day and a source; a change is a new row, never an edit."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Dated(models.Model):
    """A row of a rule: the newest whose day has come counts."""

    valid_from = models.DateTimeField(_("生效时间"))
    source = models.CharField(_("依据"), max_length=300, help_text=_("写明出处，例如平台规则或团队的决定。"))
    set_by = models.CharField(_("设置人"), max_length=150)
    set_at = models.DateTimeField(_("设置时间"), db_default=Now())

    class Meta:
        abstract = True
