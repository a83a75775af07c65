from django.urls import path

from homeground.sandbox.views import api, pages

app_name = "sandbox"
urlpatterns = [
    path("phone/messages", api.messages, name="api_messages"),
    path("phone/known", api.known, name="api_known"),
    path("", pages.phones, name="phones"),
    path("gateway", pages.gateway, name="gateway"),
    path("messages/<int:pk>/open", pages.open_message, name="open"),
    path("messages/<int:pk>/complain", pages.complain, name="complain"),
    path("play/<int:pk>/answer", pages.answer, name="answer"),
    path("play/<int:pk>/block", pages.block, name="block"),
    path("play/<int:pk>/switch", pages.switch, name="switch"),
    path("phones/<path:address>", pages.phone, name="phone"),
]
