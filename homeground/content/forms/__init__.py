"""What people type about what we say."""

from homeground.content.forms.feed import (
    LimitForm,
    MonthForm,
    OwnPostFilter,
    PersonaForm,
    PlanForm,
    SlotForms,
    slots_of,
)
from homeground.content.forms.messages import MessageFilter, MessageForm, PreviewForm
from homeground.content.forms.replies import ReplyFileForm, ReplyFilter, ReplyForm
from homeground.content.forms.tray import Tray, tray_of

__all__ = [
    "LimitForm", "MessageFilter", "MessageForm", "MonthForm", "OwnPostFilter", "PersonaForm", "PlanForm",
    "PreviewForm", "ReplyFileForm", "ReplyFilter", "ReplyForm", "SlotForms", "Tray", "slots_of", "tray_of",
]  # fmt: skip
