"""Which callbacks there are (documents 92130, 97299), and which of them we do something with."""

from collections.abc import Mapping

from homeground.wecom.services.callbacks.listening import has_listener

CONTACT, CHAT, TAG, ACQUISITION = (
    "change_external_contact", "change_external_chat", "change_external_tag", "customer_acquisition",
)  # fmt: skip
ADDED, HALF_ADDED, EDITED = (
    f"{CONTACT}.{change}" for change in ("add_external_contact", "add_half_external_contact", "edit_external_contact")
)
REMOVED_BY_STAFF, REMOVED_BY_CUSTOMER = f"{CONTACT}.del_external_contact", f"{CONTACT}.del_follow_user"
TRANSFER_FAILED = f"{CONTACT}.transfer_fail"
CHAT_CREATED, CHAT_UPDATED, CHAT_DISMISSED = (f"{CHAT}.{change}" for change in ("create", "update", "dismiss"))
CHAT_STARTED = f"{ACQUISITION}.customer_start_chat"
_KNOWN = {
    ADDED, HALF_ADDED, EDITED, REMOVED_BY_STAFF, REMOVED_BY_CUSTOMER, TRANSFER_FAILED,
    CHAT_CREATED, CHAT_UPDATED, CHAT_DISMISSED,
    *(f"{TAG}.{change}" for change in ("create", "update", "delete", "shuffle")),
    *(
        f"{ACQUISITION}.{change}"
        for change in (
            "balance_low", "balance_exhausted", "balance_increased", "link_unavailable", "delete_link",
            "quota_expire_soon", "open_profile", "friend_request", "customer_start_chat", "message_from_customer",
        )
    ),
}  # fmt: skip


def event_of(said: Mapping[str, str]) -> str:
    """What is told, like "change_external_contact.add_external_contact"; messages to an app are "message.text"."""
    if said.get("MsgType") != "event":
        return f"message.{said.get('MsgType', '')}"[:60]
    return ".".join(filter(None, (said.get("Event", ""), said.get("ChangeType", ""))))[:60]


def is_known(event: str) -> bool:
    """Whether we do something with it; what we do not know is kept and shown."""
    return event in _KNOWN or has_listener(event)
