"""Pages for the console."""

from django.urls import path

from homeground.growth.views import doors, editing, sources, welcomes

app_name = "growth"
urlpatterns = [
    path("", doors.door_list, name="doors"),
    path("new", editing.new, name="new"),
    path("row/<slug:kind>", editing.row, name="row"),
    path("welcome", welcomes.default, name="welcome"),
    path("pictures/<int:pk>", welcomes.picture, name="picture"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/new", sources.new, name="new_source"),
    path("sources/costs", sources.import_costs, name="import_costs"),
    path("sources/<int:pk>", sources.source, name="source"),
    path("sources/<int:pk>/edit", sources.edit, name="edit_source"),
    path("sources/<int:pk>/costs", sources.add_cost, name="add_cost"),
    path("sources/<int:pk>/costs/<int:cost_id>/remove", sources.remove_cost, name="remove_cost"),
    path("<int:pk>", doors.door, name="door"),
    path("<int:pk>/code.<slug:shape>", doors.code, name="code"),
    path("<int:pk>/quota", doors.quota, name="quota"),
    path("<int:pk>/edit", editing.edit, name="edit"),
    path("<int:pk>/place", doors.place, name="place"),
    path("<int:pk>/retire", doors.retire, name="retire"),
    path("<int:pk>/restore", doors.restore, name="restore"),
    path("changes/<int:pk>/undo", doors.undo, name="undo"),
]
