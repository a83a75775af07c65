"""Addresses of the pages across rooms, and of those that machines ask."""

from django.urls import path

from homeground.console.views import access, health, home, search, settings, users

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", access.sign_in, name="sign_in"),
    path("sign-out", access.sign_out, name="sign_out"),
    path("password", access.password, name="password"),
    path("language", access.language, name="language"),
    path("search", search.search, name="search"),
    path("settings", settings.settings, name="settings"),
    path("settings/suitability", settings.suitability, name="suitability"),
    path("settings/users", users.users, name="users"),
    path("settings/users/<str:name>/role", users.role, name="user_role"),
    path("settings/users/<str:name>/active", users.active, name="user_active"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
