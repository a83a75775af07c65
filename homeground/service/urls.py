"""Pages for the console."""

from django.urls import URLPattern, path, re_path

from homeground.service.views import groups, handover, rules, scorecard, team, tickets

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
    path("team/", team.team, name="team"),
    path("team/<int:pk>", team.arrange, name="arrange"),
    path("team/task", team.hand, name="hand"),
    path("rules", rules.rules, name="rules"),
    re_path("^rules/(?P<what>clock|retention|follow-up|minutes|capacity)$", rules.set_rule, name="set_rule"),
    re_path("^rules/(?P<what>follow-up|cover)/(?P<pk>[0-9]{1,18})/remove$", rules.remove, name="remove_rule"),
    path("handover/", handover.handovers, name="handover"),
    path("handover/new", handover.new, name="new_handover"),
    path("handover/<int:pk>", handover.handover, name="handover_of"),
    path("handover/<int:pk>/start", handover.start, name="start_handover"),
    path("handover/<int:pk>/cancel", handover.cancel, name="cancel_handover"),
    path("handover/<int:pk>/discard", handover.discard, name="discard_handover"),
    path("scorecard", scorecard.scorecard, name="scorecard"),
    path("scorecard/card", scorecard.card, name="scorecard_card"),
    path("scorecard/audiences", scorecard.audiences, name="scorecard_audiences"),
    path("scorecard.csv", scorecard.export, name="scorecard_csv"),
    path("scorecard/goals", scorecard.goals, name="goals"),
]
