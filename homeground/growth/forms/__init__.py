"""Input of operators about doors, welcomes and sources."""

from homeground.growth.forms.doors import DoorForms
from homeground.growth.forms.filters import DoorFilter, SourceFilter
from homeground.growth.forms.rows import GroupForm, ShiftForm, WelcomeForm, WelcomeForms, new_row
from homeground.growth.forms.sources import CostFileForm, CostForm, SourceForm

__all__ = [
    "CostFileForm", "CostForm", "DoorFilter", "DoorForms", "GroupForm", "ShiftForm", "SourceFilter", "SourceForm",
    "WelcomeForm", "WelcomeForms", "new_row",
]  # fmt: skip
