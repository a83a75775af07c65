"""Addresses of the pages across rooms, and of those that machines ask."""

from django.urls import path

from homeground.console.views import access, customer, customers, health, home, products, search, settings, users

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", access.sign_in, name="sign_in"),
    path("sign-out", access.sign_out, name="sign_out"),
    path("password", access.password, name="password"),
    path("language", access.language, name="language"),
    path("search", search.search, name="search"),
    path("customers/", customers.customers, name="customers"),
    path("customers/tag", customers.tag_many, name="customers_tag"),
    path("customers/untag", customers.untag_many, name="customers_untag"),
    path("customers/doubts", customers.doubts, name="customer_doubts"),
    path("customers/doubts/<int:pk>", customers.decide, name="customer_decide"),
    path("customers/merges/<int:pk>/undo", customer.unmerge, name="customer_unmerge"),
    path("customers/<int:pk>", customer.customer, name="customer"),
    path("customers/<int:pk>/unmask", customer.unmask, name="customer_unmask"),
    path("customers/<int:pk>/tag", customer.tag_one, name="customer_tag"),
    path("customers/<int:pk>/untag", customer.untag_one, name="customer_untag"),
    path("customers/<int:pk>/retag", customer.retag_one, name="customer_retag"),
    path("customers/<int:pk>/withdraw", customer.withdraw, name="customer_withdraw"),
    path("products", products.products, name="products"),
    path("settings", settings.settings, name="settings"),
    path("settings/suitability", settings.suitability, name="suitability"),
    path("settings/users", users.users, name="users"),
    path("settings/users/<str:name>/role", users.role, name="user_role"),
    path("settings/users/<str:name>/active", users.active, name="user_active"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
