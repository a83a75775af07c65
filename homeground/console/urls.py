"""Addresses of the pages across rooms."""

from django.urls import path

from homeground.console.views import access, home, search

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", access.sign_in, name="sign_in"),
    path("sign-out", access.sign_out, name="sign_out"),
    path("password", access.password, name="password"),
    path("language", access.language, name="language"),
    path("search", search.search, name="search"),
]
