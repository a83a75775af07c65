"""Pages for the console."""

from django.urls import URLPattern, path

from homeground.service.views import groups, tickets

app_name = "service"
urlpatterns: list[URLPattern] = [
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/new", tickets.new, name="new_ticket"),
    path("tickets/unsure/", tickets.unsure, name="unsure"),
    path("tickets/unsure/<int:pk>", tickets.correct, name="correct"),
    path("tickets/queues", tickets.queues, name="queues"),
    path("tickets/queues/clock", tickets.add_clock, name="add_ticket_clock"),
    path("tickets/queues/rule", tickets.add_rule, name="add_sorting_rule"),
    path("tickets/queues/rule/<int:pk>", tickets.switch_rule, name="switch_sorting_rule"),
    path("tickets/queues/<slug:queue>", tickets.set_queue, name="set_queue"),
    path("tickets/<int:pk>", tickets.ticket, name="ticket"),
    path("tickets/<int:pk>/take", tickets.take, name="take_ticket"),
    path("tickets/<int:pk>/note", tickets.note, name="note_ticket"),
    path("tickets/<int:pk>/move", tickets.move, name="move_ticket"),
    path("tickets/<int:pk>/close", tickets.close, name="close_ticket"),
    path("tickets/<int:pk>/reopen", tickets.reopen, name="reopen_ticket"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<int:pk>/expert", groups.set_expert, name="set_group_expert"),
    path("experts/", groups.experts, name="experts"),
    path("experts/<int:pk>", groups.expert, name="expert"),
    path("experts/<int:pk>/credential", groups.add_credential, name="add_credential"),
    path("experts/credential/<int:pk>/remove", groups.remove_credential, name="remove_credential"),
]
