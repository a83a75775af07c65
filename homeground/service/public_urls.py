"""Pages for people who are not signed in to the console."""

from django.urls import URLPattern, path

from homeground.service.views import groups

app_name = "service_public"
urlpatterns: list[URLPattern] = [
    path("p/<str:token>", groups.card, name="card"),
]
