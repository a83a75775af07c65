"""Pages for people who are not signed in to the console."""

from django.urls import path

from homeground.growth.views import public

app_name = "growth_public"
urlpatterns = [
    path("g/<slug:token>", public.door_page, name="door"),
    path("g/<slug:token>/code", public.door_code, name="code"),
]
