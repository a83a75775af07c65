"""Pages for the console."""

from django.urls import URLPattern, path

from homeground.wecom.views import callback_list, corp, drift, staff

app_name = "wecom"
urlpatterns: list[URLPattern] = [
    path("", corp.corp, name="corp"),
    path("connect", corp.connect, name="connect"),
    path("sync", corp.start_sync, name="sync"),
    path("sync-card", corp.sync_card, name="sync_card"),
    path("consent", corp.consent, name="consent"),
    path("callbacks/", callback_list.callback_list, name="callbacks"),
    path("callbacks/replay", callback_list.replay_failed, name="replay_failed"),
    path("callbacks/<int:pk>", callback_list.callback, name="callback"),
    path("callbacks/<int:pk>/replay", callback_list.replay, name="replay"),
    path("staff/", staff.staff_list, name="staff"),
    path("staff/<int:pk>/user", staff.link, name="link"),
    path("staff/<int:pk>/sync", staff.sync_member, name="sync_member"),
    path("drift", drift.drift, name="drift"),
    path("drift/compare", drift.compare, name="compare"),
]
