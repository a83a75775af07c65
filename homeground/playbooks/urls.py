"""Addresses of the room."""

from django.urls import path

from homeground.playbooks import views

app_name = "playbooks"
urlpatterns = [
    path("", views.listed, name="list"),
    path("at-home/", views.at_home, name="at_home"),
    path("<slug:slug>", views.pack, name="pack"),
    path("<slug:slug>/install", views.install, name="install"),
    path("<slug:slug>/publish", views.publish, name="publish"),
    path("<slug:slug>/upgrade", views.upgrade, name="upgrade"),
    path("<slug:slug>/remove", views.remove, name="remove"),
    path("<slug:slug>/results", views.results, name="results"),
]
