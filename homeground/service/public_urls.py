"""Pages for people who are not signed in to the console."""

from django.urls import URLPattern, path, re_path

from homeground.service.views import card, day, groups

app_name = "service_public"
urlpatterns: list[URLPattern] = [
    path("p/<str:token>", groups.card, name="card"),
    path("staff/", day.day, name="day"),
    path("staff/now", day.now, name="now"),
    path("staff/more/<slug:kind>", day.more, name="more"),
    path("staff/waits/<int:pk>/handled", day.handle_wait, name="handle_wait"),
    path("staff/waits/<int:pk>/undo", day.handle_wait, {"undo": "undo"}, name="undo_wait"),
    path("staff/requests", day.log_request, name="log_request"),
    re_path("^staff/tasks/(?P<pk>[0-9]{1,18})/(?P<how>done|skip|undo)$", day.close_task, name="close_task"),
    re_path("^staff/tickets/(?P<pk>[0-9]{1,18})/(?P<how>close|undo)$", day.act_on_ticket, name="act_on_ticket"),
    re_path("^staff/care/(?P<pk>[0-9]{1,18})/(?P<what>like|comment|back|leave|bring)$", day.tick, name="tick"),
    path("staff/sidebar", card.sidebar, name="sidebar"),
    path("staff/customers/<int:pk>", card.customer, name="customer"),
    re_path(
        "^staff/customers/(?P<pk>[0-9]{1,18})/(?P<what>ticket|tag|untag|note|limit|lift|interval|birthday)$",
        card.change,
        name="change",
    ),
    path("staff/customers/<int:pk>/touches", card.touches, name="touches"),
    path("staff/customers/<int:pk>/scripts", card.scripts, name="scripts"),
    path("staff/customers/<int:pk>/scripts/<int:reply>", card.used, name="used"),
]
