import pytest

from homeground.channels.services import install_defaults
from homeground.people.models import Consent
from homeground.service.models import MessageLabel, SortingRule, Ticket, TicketNote
from homeground.service.services import sorting
from homeground.service.services.tickets import GRAVE_WORDS, install_ticket_defaults
from tests.service.desk import NOON, join_queue, make_customer, make_expert, make_group, make_staff, say

pytestmark = pytest.mark.django_db


def test_a_complaint_in_a_group_becomes_a_ticket_with_a_deadline():
    install_ticket_defaults()
    clerk = make_staff("售后小周")
    join_queue("after_sales", clerk)
    message = say("再不退款我就投诉到12315", place="group", group=make_group())

    assert sorting.sort_messages(at=NOON) == 1

    ticket = Ticket.objects.get()
    assert (ticket.queue, ticket.is_complaint, ticket.staff, ticket.text) == ("after_sales", True, clerk, message.text)
    assert (ticket.due_at - ticket.opened_at).total_seconds() == 2 * 3600
    assert MessageLabel.objects.get().by == MessageLabel.By.RULE
    assert MessageLabel.objects.get().is_negative


def test_a_question_in_a_group_goes_to_the_groups_own_expert():
    idle, named = make_expert(name="甲"), make_expert(name="乙")
    join_queue("expert", idle, named)
    say("我是油皮，用哪个面霜比较好", place="group", group=make_group(expert=named))

    sorting.sort_messages(at=NOON)

    assert (Ticket.objects.get().queue, Ticket.objects.get().staff) == ("expert", named)


def test_a_question_to_ones_own_adviser_stays_in_the_chat():
    say("我是油皮，用哪个面霜比较好", place="chat")

    sorting.sort_messages(at=NOON)

    assert MessageLabel.objects.get().topic == "question"
    assert not Ticket.objects.exists()


def test_an_expert_whose_credential_has_ended_gets_nothing():
    ended, valid = make_expert(expires_on=NOON.date()), make_expert()
    join_queue("expert", ended, valid)
    say("孕妇可以用这款精华吗", place="group", group=make_group(expert=ended))

    sorting.sort_messages(at=NOON)

    assert Ticket.objects.get().staff == valid


def test_sorting_twice_changes_nothing():
    say("我的快递到哪了", place="group")
    sorting.sort_messages(at=NOON)

    assert sorting.sort_messages(at=NOON) == 0
    assert (MessageLabel.objects.count(), Ticket.objects.count(), TicketNote.objects.count()) == (1, 1, 0)


def test_more_words_on_an_open_matter_are_added_to_it():
    customer = make_customer()
    say("我的快递到哪了", customer=customer)
    say("快递三天没动了", customer=customer)
    sorting.sort_messages(at=NOON)
    say("我要投诉你们的快递", customer=customer)
    sorting.sort_messages(at=NOON)

    ticket = Ticket.objects.get()
    assert ticket.is_complaint  # It has become one, with a complaint's time.
    assert (ticket.due_at - NOON).total_seconds() == 2 * 3600
    assert [note.text for note in ticket.notes.all()] == ["快递三天没动了", "我要投诉你们的快递"]


def test_what_it_is_not_sure_of_opens_nothing_until_somebody_says():
    say("合同里藏霸王条款，无耻")  # Held out: the classifier is unsure of it.
    sorting.sort_messages(at=NOON)
    label = MessageLabel.objects.get()
    assert label.confidence_bp < 5000
    assert not Ticket.objects.exists()

    sorting.correct(label.pk, topic="complaint", is_negative=True, by="lead", at=NOON)

    assert Ticket.objects.get().is_complaint
    assert MessageLabel.objects.get().by == MessageLabel.By.PERSON


def test_a_rule_comes_before_the_classifier_and_can_be_switched_off():
    SortingRule.objects.create(words=["小票"], topic="after_sales", order=1, set_by="lead")
    say("小票")
    sorting.sort_messages(at=NOON)
    SortingRule.objects.filter(words=["小票"]).update(is_enabled=False)
    say("小票")
    sorting.sort_messages(at=NOON)

    assert list(MessageLabel.objects.order_by("pk").values_list("by", flat=True)) == ["rule", "model"]


def test_a_word_that_means_no_more_is_an_opt_out_with_its_proof():
    install_defaults()
    leaving, asking = say("退订！"), say("退订要怎么操作，我先问问")

    sorting.sort_messages(at=NOON)
    sorting.sort_messages(at=NOON)

    consent = Consent.objects.get()
    assert (consent.customer, consent.channel, consent.is_granted) == (leaving.customer, "wecom", False)
    assert consent.proof["said"] == "退订！"
    assert asking.customer != consent.customer


def test_erased_words_and_staffs_own_are_left_alone():
    erased = say("退款")
    erased.erased_at, erased.text = NOON, ""
    erased.save()
    ours = say("退款")
    ours.is_from_customer = False
    ours.save()

    assert sorting.sort_messages(at=NOON) == 0


def test_the_shipped_rule_is_there_once():
    install_ticket_defaults()
    install_ticket_defaults()

    assert [rule.words for rule in SortingRule.objects.all()] == [GRAVE_WORDS]
