"""Addresses of reviews."""

from django.urls import path

from homeground.insights.views import behaviour, campaigns, files

app_name = "insights"
urlpatterns = [
    path("", campaigns.reviews, name="reviews"),
    path("behaviour", behaviour.behaviour, name="behaviour"),
    path("upload", files.upload, name="upload"),
    path("upload/columns", files.columns, name="columns"),
    path("needed", campaigns.needed, name="needed"),
    path("<int:pk>", campaigns.review, name="review"),
    path("<int:pk>/make", campaigns.make, name="make"),
    path("<int:pk>/close", campaigns.close, name="close"),
]
