"""The guard's policy: new rows, never edits, so that what counted on any day can be shown."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from homeground.core import time
from homeground.journeys.errors import BadPolicy
from homeground.journeys.models.policy import Dated

_FORM_FILLING = timedelta(minutes=15)  # "From now on", read off a page that was opened a while ago.


def add_policy(row: Dated, at: datetime | None = None) -> Dated:
    """Add a row of policy. It counts from its day on, until a newer row of the same subject does.

    Raises BadPolicy when it names no source or would change what counted before `at` (None: now).
    """
    if not row.source.strip():
        raise BadPolicy(_("请写明依据：平台规则、法规或团队的决定。"))
    if row.valid_from < (at or time.now()) - _FORM_FILLING:
        raise BadPolicy(_("生效时间不能在过去：已经发生的判断不会改变。"))
    row.pk = None
    row.save(force_insert=True)
    return row
