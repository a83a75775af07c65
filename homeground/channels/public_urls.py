"""Customers' own addresses, at the top level so that they stay short."""

from django.urls import path

from homeground.channels.views import public

app_name = "public"
urlpatterns = [
    path("t/<str:token>.gif", public.pixel, name="pixel"),
    path("t/<str:token>", public.follow, name="follow"),
    path("o/<str:token>", public.opt_out_page, name="opt_out"),
]
