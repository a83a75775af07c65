"""Addresses of messages."""

from django.urls import path

from homeground.content import views

app_name = "content"
urlpatterns = [
    path("", views.messages, name="messages"),
    path("new", views.new, name="new"),
    path("preview", views.preview, name="preview"),
    path("<int:pk>", views.edit, name="edit"),
    path("<int:pk>/delete", views.delete, name="delete"),
]
