"""Addresses that the platform calls."""

from django.urls import URLPattern, path

from homeground.wecom.views.callbacks import callback

urlpatterns: list[URLPattern] = [path("<slug:app>", callback, name="wecom_callback")]
