"""Addresses of the timing of purchases."""

from django.urls import path

from homeground.insights.views import timing

app_name = "timing"
urlpatterns = [
    path("", timing.overview, name="overview"),
    path("again", timing.again, name="again"),
    path("segment", timing.segment, name="segment"),
]
