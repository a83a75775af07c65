"""Addresses that the platform calls."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
