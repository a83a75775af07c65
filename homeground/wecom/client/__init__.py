"""The typed client of WeCom's API: the same code for the real platform and for any other at a base URL.

`connect()` gives the Api; each module holds the calls of one subject, first argument the Api, frozen dataclasses out:

    from homeground.wecom.client import connect, contacts
    person = contacts.get(connect(), "wm…")

Every call does token, rate budget, retries and errors. It fails with WeComError (the platform said no: nothing was
done), Unreachable (surely no effect) or FateUnknown (sent, no answer: never repeated here; ask before doing it again);
all three are Failure. userids come out in lower case, because the platform ignores their case.
"""

from homeground.wecom.client.api import Api, connect
from homeground.wecom.client.failures import Failure, FateUnknown, QuotaFull, Unreachable, WeComError
from homeground.wecom.client.reading import Page

__all__ = ["Api", "Failure", "FateUnknown", "Page", "QuotaFull", "Unreachable", "WeComError", "connect"]
