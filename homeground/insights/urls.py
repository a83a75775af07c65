"""Addresses of reviews."""

from django.urls import path

from homeground.insights.views import behaviour, campaigns, files, journeys

app_name = "insights"
urlpatterns = [
    path("", campaigns.reviews, name="reviews"),
    path("behaviour", behaviour.behaviour, name="behaviour"),
    path("upload", files.upload, name="upload"),
    path("upload/columns", files.columns, name="columns"),
    path("needed", campaigns.needed, name="needed"),
    path("journeys/", journeys.reviews, name="journey_reviews"),
    path("journeys/<slug:slug>", journeys.review, name="journey_review"),
    path("journeys/<slug:slug>/make", journeys.make, name="journey_make"),
    path("journeys/<slug:slug>/conclude", journeys.conclude, name="journey_conclude"),
    path("<int:pk>", campaigns.review, name="review"),
    path("<int:pk>/make", campaigns.make, name="make"),
    path("<int:pk>/close", campaigns.close, name="close"),
]
