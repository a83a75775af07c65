"""Pages for people who are not signed in to the console."""

from django.urls import URLPattern

app_name = "growth_public"
urlpatterns: list[URLPattern] = []
