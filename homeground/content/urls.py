"""Addresses of what we say."""

from django.urls import path

from homeground.content.views import materials, messages, moments, personas, plans, replies

app_name = "content"
urlpatterns = [
    path("", messages.messages, name="messages"),
    path("new", messages.new, name="new"),
    path("preview", messages.preview, name="preview"),
    path("<int:pk>", messages.edit, name="edit"),
    path("<int:pk>/delete", messages.delete, name="delete"),
    path("tray", materials.tray, name="tray"),
    path("materials/<int:pk>", materials.material, name="material"),
    path("moments/", moments.moments, name="moments"),
    path("moments/list/", moments.plans, name="plans"),
    path("moments/mix/", moments.mix, name="mix"),
    path("moments/results", moments.results, name="results"),
    path("moments/own/", moments.own_posts, name="own_posts"),
    path("moments/own/<int:pk>/label", moments.label, name="label"),
    path("moments/copy", moments.copy_month, name="copy_month"),
    path("moments/new", plans.new, name="new_plan"),
    path("moments/preview", plans.preview, name="plan_preview"),
    path("moments/<int:pk>", plans.plan, name="plan"),
    path("moments/<int:pk>/unschedule", plans.unschedule, name="unschedule_plan"),
    path("moments/<int:pk>/delete", plans.delete, name="delete_plan"),
    path("moments/<int:pk>/stop", plans.stop, name="stop_plan"),
    path("moments/personas/", personas.personas, name="personas"),
    path("moments/personas/new", personas.new, name="new_persona"),
    path("moments/personas/<int:pk>", personas.edit, name="persona"),
    path("moments/personas/<int:pk>/confirm", personas.confirm, name="confirm_persona"),
    path("replies/", replies.replies, name="replies"),
    path("replies/new", replies.new, name="new_reply"),
    path("replies/file", replies.bring, name="reply_file"),
    path("replies/start", replies.start, name="start_replies"),
    path("replies/<int:pk>", replies.edit, name="reply"),
    path("replies/<int:pk>/delete", replies.delete, name="delete_reply"),
    path("replies/<int:pk>/favour", replies.favour, name="favour_reply"),
]
