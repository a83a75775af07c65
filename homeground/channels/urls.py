from django.urls import path

from homeground.channels.views import console, receipts

app_name = "channels"
urlpatterns = [
    path("", console.channel_list, name="list"),
    path("receipts", receipts.receipts, name="receipts"),
    path("<slug:slug>", console.edit, name="edit"),
    path("<slug:slug>/switch", console.switch, name="switch"),
    path("<slug:slug>/test", console.test, name="test"),
]
