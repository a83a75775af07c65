"""Pages for the console."""

from django.urls import path

from homeground.loyalty.views import coupons, points

app_name = "loyalty"
urlpatterns = [
    path("", points.overview, name="overview"),
    path("customers/<int:pk>", points.person, name="person"),
    path("customers/<int:pk>/adjust", points.adjust, name="adjust"),
    path("customers/<int:pk>/grant", points.grant, name="grant"),
    path("coupons/", coupons.kind_list, name="coupons"),
    path("coupons/new", coupons.new, name="new_kind"),
    path("coupons/use", coupons.use, name="use"),
    path("coupons/<int:pk>", coupons.kind, name="kind"),
    path("coupons/<int:pk>/edit", coupons.edit, name="edit_kind"),
    path("coupons/<int:pk>/archive", coupons.archive, name="archive_kind"),
    path("coupons/<int:pk>/restore", coupons.restore, name="restore_kind"),
    path("held/<int:pk>/revoke", coupons.revoke, name="revoke"),
]
