"""The address of the calendar: everything planned, before it is sent."""

from django.urls import URLPattern

app_name = "calendar"
urlpatterns: list[URLPattern] = []
