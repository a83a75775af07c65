"""Use cases of the room: every write to what we say."""

from homeground.content.services.attachments import platform_attachments
from homeground.content.services.bought_tags import BOUGHT, NOT_BOUGHT, keep_bought_tags
from homeground.content.services.handing_over import (
    close_ended,
    hand_over_due,
    ready_tags,
    stop_plan,
)
from homeground.content.services.labels import add_limit, label_moment
from homeground.content.services.materials import keep_material
from homeground.content.services.messages import BLANK, delete_message, refuse_blanks, refuse_unfit, save_message
from homeground.content.services.personas import SlotGiven, confirm_open_feed, save_persona
from homeground.content.services.plans import (
    copy_month,
    delete_plan,
    save_plan,
    schedule_plan,
    unschedule_plan,
)
from homeground.content.services.rendering import Rendered, refuse_personal, render, render_shared
from homeground.content.services.replies import delete_reply, fill_reply, note_use, save_reply, set_favourite
from homeground.content.services.reply_files import MOST_REPLY_BYTES, Imported, import_replies, install_starters
from homeground.content.services.results import Results, ask_results
from homeground.content.services.sizes import Size, size_of

__all__ = [
    "BLANK", "BOUGHT", "MOST_REPLY_BYTES", "NOT_BOUGHT", "Imported", "Rendered", "Results", "Size", "SlotGiven",
    "add_limit", "ask_results", "close_ended", "confirm_open_feed", "copy_month", "delete_message", "delete_plan",
    "delete_reply", "fill_reply", "hand_over_due", "import_replies", "install_starters", "keep_bought_tags",
    "keep_material", "label_moment", "note_use", "platform_attachments", "ready_tags", "refuse_blanks",
    "refuse_personal", "refuse_unfit", "render", "render_shared", "save_message", "save_persona", "save_plan",
    "save_reply", "schedule_plan", "set_favourite", "size_of", "stop_plan", "unschedule_plan",
]  # fmt: skip
