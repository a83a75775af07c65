"""Pages for the console."""

from django.urls import URLPattern

app_name = "wecom"
urlpatterns: list[URLPattern] = []
