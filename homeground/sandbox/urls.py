from django.urls import path

from homeground.sandbox.views import api, pages, wecom_api, wecom_files

app_name = "sandbox"
urlpatterns = [
    path("phone/messages", api.messages, name="api_messages"),
    path("phone/known", api.known, name="api_known"),
    path("wecom/cgi-bin/<path:path>", wecom_api.call, name="wecom_api"),
    path("wecom/qr/<str:config_id>", wecom_files.code, name="wecom_code"),
    path("wecom/media/<str:media_id>", wecom_files.image, name="wecom_image"),
    path("", pages.phones, name="phones"),
    path("gateway", pages.gateway, name="gateway"),
    path("messages/<int:pk>/open", pages.open_message, name="open"),
    path("messages/<int:pk>/complain", pages.complain, name="complain"),
    path("play/<int:pk>/answer", pages.answer, name="answer"),
    path("play/<int:pk>/block", pages.block, name="block"),
    path("play/<int:pk>/switch", pages.switch, name="switch"),
    path("phones/<path:address>", pages.phone, name="phone"),
]
