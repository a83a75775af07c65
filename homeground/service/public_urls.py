"""Pages for people who are not signed in to the console."""

from django.urls import URLPattern

app_name = "service_public"
urlpatterns: list[URLPattern] = []
