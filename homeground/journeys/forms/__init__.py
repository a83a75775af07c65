"""What people type about campaigns, journeys and the guard's policy."""

from homeground.journeys.forms.calendar import CalendarFilter
from homeground.journeys.forms.campaigns import CampaignFilter, CampaignForm, CustomerSearch
from homeground.journeys.forms.groups import GroupFields
from homeground.journeys.forms.journeys import JourneyFilter, JourneyForm, JourneySettings
from homeground.journeys.forms.policy import POLICY_FORMS, policy_form

__all__ = [
    "POLICY_FORMS",
    "CalendarFilter",
    "CampaignFilter",
    "CampaignForm",
    "CustomerSearch",
    "GroupFields",
    "JourneyFilter",
    "JourneyForm",
    "JourneySettings",
    "policy_form",
]
