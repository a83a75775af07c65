"""The addresses of the calendar: everything planned, before it is sent."""

from django.urls import path

from homeground.journeys.views import calendar

app_name = "calendar"
urlpatterns = [
    path("", calendar.month, name="month"),
    path("entries", calendar.entries, name="entries"),
    path("pressure", calendar.pressure, name="pressure"),
    path("detail", calendar.detail, name="detail"),
    path("<int:pk>/move", calendar.move, name="move"),
    path("<int:pk>/restore", calendar.restore, name="restore"),
]
