from django.urls import path

from homeground.events import views

app_name = "events"
urlpatterns = [
    path("", views.stream, name="stream"),
    path("set-aside", views.set_aside, name="set_aside"),
    path("set-aside/mend", views.mend, name="mend"),
    path("<int:pk>/<path:name>", views.event, name="event"),
]
