"""REST: chat messages come in here, from whoever may read the archive."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, Field, field_validator, model_validator

from homeground.core import time
from homeground.service.services.chats import ChatMessageGiven, receive

router = Router(tags=["chats"])
MOST = 1000
_EARLIEST = datetime(2011, 1, 1, tzinfo=UTC)  # Before it there was no WeChat.
_AHEAD = timedelta(days=1)


class ChatMessageIn(Schema):
    """One message. Told again, by the same msgid, it is the same."""

    msgid: str = Field(min_length=1, max_length=100)
    is_from_customer: bool
    at: AwareDatetime = Field(description="When it was written, ISO 8601 with offset.")
    source: str = Field("archive", min_length=1, max_length=60, description="Who tells us.")
    userid: str = Field("", max_length=64, description="The member; of a group's message its author, where one of us.")
    external_userid: str = Field("", max_length=64, description="The customer; of a group's message its author.")
    chat_id: str = Field("", max_length=64, description="The group; of 微信客服 the account.")
    text: str = Field("", max_length=20_000, description="Kept up to 4,000 characters.")
    mentions: list[str] = Field(default_factory=list, max_length=100, description="userids that are named with @.")
    is_kf: bool = False

    @field_validator("at")
    @classmethod
    def _is_possible(cls, at: datetime) -> datetime:
        if not _EARLIEST < at < time.now() + _AHEAD:
            raise ValueError("lies before 2011 or in the future")
        return at

    @field_validator("msgid", "source", "userid", "external_userid", "chat_id")
    @classmethod
    def _is_plain(cls, text: str) -> str:
        if not text.isprintable():
            raise ValueError("has characters that no id has")
        return text

    @model_validator(mode="after")
    def _names_its_ends(self) -> "ChatMessageIn":
        if not self.chat_id and not (self.userid and self.external_userid):
            raise ValueError("a one-to-one message needs userid and external_userid")
        if self.is_kf and not (self.chat_id and self.external_userid):
            raise ValueError("a kf message needs chat_id (open_kfid) and external_userid")
        return self


class ChatMessagesIn(Schema):
    messages: list[ChatMessageIn] = Field(max_length=MOST)


class ChatMessagesOut(Schema):
    """accepted = new + those that were there before."""

    accepted: int
    new: int


@router.post("/chat-messages", summary="Send chat messages")
def chat_messages(request: HttpRequest, body: ChatMessagesIn) -> ChatMessagesOut:
    """At most 1,000 a call, all or none: one that cannot be is named (`field`: body.body.messages.3.at) and nothing is
    kept. Texts are personal: only the member, who leads them and service may read them, and they are erased in time."""
    given = [ChatMessageGiven(**message.dict()) for message in body.messages]
    return ChatMessagesOut(accepted=len(given), new=receive(given))
