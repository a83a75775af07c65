from django.urls import path

from homeground.ingest import views

app_name = "ingest"
urlpatterns = [
    path("", views.sources, name="sources"),
    path("tokens", views.create, name="create_token"),
    path("tokens/<int:pk>/revoke", views.revoke, name="revoke_token"),
    path("files", views.imports, name="imports"),
    path("files/new", views.upload, name="upload"),
    path("files/<int:pk>", views.file_import, name="import"),
    path("files/<int:pk>/progress", views.progress, name="progress"),
    path("files/<int:pk>/rejects", views.rejects, name="rejects"),
    path("rejected", views.rejected, name="rejected"),
]
