from django.urls import path

from homeground.segments import views

app_name = "segments"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new", views.new, name="new"),
    path("preview", views.preview, name="preview"),
    path("values", views.values, name="values"),
    path("properties", views.properties, name="properties"),
    path("properties/values", views.property_values, name="property_values"),
    path("lists/new", views.new_list, name="new_list"),
    path("pairs/<slug:key>", views.install_pair, name="install_pair"),
    path("<slug:slug>", views.detail, name="detail"),
    path("<slug:slug>/edit", views.edit, name="edit"),
    path("<slug:slug>/explain", views.explain, name="explain"),
    path("<slug:slug>/refresh", views.refresh, name="refresh"),
    path("<slug:slug>/export", views.export, name="export"),
    path("<slug:slug>/archive", views.archive, name="archive"),
    path("<slug:slug>/restore", views.restore, name="restore"),
]
