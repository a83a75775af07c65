"""The way in through WeCom: public, no password."""

from django.urls import path

from homeground.wecom.views import oauth

app_name = "wecom_oauth"
urlpatterns = [
    path("enter", oauth.enter, name="enter"),
    path("return", oauth.come_back, name="return"),
    path("signature", oauth.signature, name="signature"),
]
