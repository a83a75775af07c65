"""微信客服: read what customers and servicers wrote, page by page, from where the last reading ended."""

from datetime import datetime

from homeground.core import time
from homeground.service.models import KfAccount
from homeground.service.services.chats import ChatMessageGiven, receive
from homeground.wecom.client import Api, kf

SOURCE = "kf"


def read(api: Api, open_kfid: str, token: str = "", at: datetime | None = None) -> int:
    """Read an account to its end. Returns how many messages were new.

    The place is kept after each page: a crash reads that page again, which adds nothing.
    """
    account, _made = KfAccount.objects.get_or_create(open_kfid=open_kfid)
    new, has_more = 0, True
    while has_more:
        page = kf.sync_page(api, open_kfid, account.cursor, token)
        new += receive([given for message in page.items if (given := _given(open_kfid, message))])
        has_more = page.has_more and page.next_cursor != account.cursor
        account.cursor, account.read_at = page.next_cursor or account.cursor, at or time.now()
        account.save()
    return new


def _given(open_kfid: str, message: kf.KfMessage) -> ChatMessageGiven | None:
    """A message of a person; None for what the system says."""
    if message.origin not in (kf.CUSTOMER, kf.SERVICER) or not message.external_userid or not message.at:
        return None
    return ChatMessageGiven(
        msgid=f"kf:{message.msgid}"[:100],
        is_from_customer=message.origin == kf.CUSTOMER,
        at=message.at,
        source=SOURCE,
        userid=message.userid,
        external_userid=message.external_userid,
        chat_id=open_kfid,
        text=message.text or f"[{message.kind}]",
        is_kf=True,
    )
