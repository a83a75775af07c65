"""Addresses of campaigns and of the guard's policy."""

from django.urls import path

from homeground.journeys.views import campaigns, drafts, people, policy

app_name = "journeys"
urlpatterns = [
    path("", campaigns.campaign_list, name="campaigns"),
    path("new", drafts.new, name="new"),
    path("plan", drafts.plan, name="plan"),
    path("policy", policy.policy, name="policy"),
    path("policy/<slug:kind>", policy.add, name="add_policy"),
    path("<int:pk>", campaigns.campaign, name="campaign"),
    path("<int:pk>/edit", drafts.edit, name="edit"),
    path("<int:pk>/copy", drafts.copy, name="copy"),
    path("<int:pk>/delete", drafts.delete, name="delete"),
    path("<int:pk>/preview", people.preview, name="preview"),
    path("<int:pk>/people/<str:line>", people.line_people, name="people"),
    path("<int:pk>/freeze", campaigns.freeze, name="freeze"),
    path("<int:pk>/start", campaigns.start, name="start"),
    path("<int:pk>/pause", campaigns.pause, name="pause"),
    path("<int:pk>/resume", campaigns.resume, name="resume"),
    path("<int:pk>/cancel", campaigns.cancel, name="cancel"),
    path("<int:pk>/remind", campaigns.remind, name="remind"),
    path("<int:pk>/staff/<int:staff_id>/call", campaigns.call_on, name="call_on"),
]
