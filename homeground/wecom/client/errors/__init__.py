"""Every error code of the platform that matters, as a sentence and a remedy (document 90313, read 2026-08).

`known(code)` never fails: a code that is not in the table gets a sentence that says so.
"""

from django.utils.translation import gettext_lazy as _

from homeground.wecom.client.errors import apps, contacts, parameters, platform
from homeground.wecom.client.errors.known import Known, Remedy

__all__ = ["TABLE", "Known", "Remedy", "known"]

_APP_CHAT = 86001
TABLE = {entry.code: entry for entry in (*platform.CODES, *parameters.CODES, *contacts.CODES, *apps.CODES)}


def known(code: int) -> Known:
    """What is known of a code."""
    if 86000 <= code < 87000:  # The rest of the app chats' own codes.
        code = _APP_CHAT
    return TABLE.get(code) or Known(code, _("平台拒绝了这次调用"), Remedy.REPORT)
