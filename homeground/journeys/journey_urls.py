"""Addresses of journeys."""

from django.urls import path

from homeground.journeys.views.journeys import building, listing, people, rehearsal, watching

app_name = "journey"
urlpatterns = [
    path("", listing.journey_list, name="list"),
    path("new", listing.new, name="new"),
    path("new/<slug:key>", listing.start_from, name="start_from"),
    path("<slug:slug>", watching.journey, name="journey"),
    path("<slug:slug>/counts", watching.counts, name="counts"),
    path("<slug:slug>/edit", building.edit, name="edit"),
    path("<slug:slug>/save", building.save, name="save"),
    path("<slug:slug>/publish", building.publish, name="publish"),
    path("<slug:slug>/pause", building.pause, name="pause"),
    path("<slug:slug>/resume", building.resume, name="resume"),
    path("<slug:slug>/end", building.end, name="end"),
    path("<slug:slug>/copy", building.copy, name="copy"),
    path("<slug:slug>/delete", building.delete, name="delete"),
    path("<slug:slug>/people", people.people, name="people"),
    path("<slug:slug>/people/enter", people.enter, name="enter"),
    path("<slug:slug>/walks/<int:pk>", people.walk, name="walk"),
    path("<slug:slug>/walks/<int:pk>/out", people.take_out, name="take_out"),
    path("<slug:slug>/walks/<int:pk>/again", people.again, name="again"),
    path("<slug:slug>/rehearse", rehearsal.rehearse, name="rehearse"),
]
