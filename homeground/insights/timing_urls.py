"""Addresses of the timing of purchases."""

from django.urls import URLPattern

app_name = "timing"
urlpatterns: list[URLPattern] = []
