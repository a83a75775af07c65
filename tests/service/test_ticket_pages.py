from datetime import date

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from homeground.console.roles import install_roles
from homeground.people.models import Customer
from homeground.service.models import Credential, MessageLabel, SortingRule, StaffProfile, Ticket, TicketClock
from homeground.service.services import experts, sorting, tickets
from tests.service.desk import NOON, join_queue, make_customer, make_expert, make_group, make_staff, say

pytestmark = pytest.mark.django_db


def sign_in(client, role):
    install_roles()
    user = User.objects.create_user(f"{role}-user")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)


def make_ticket(**given):
    return tickets.open_ticket(
        customer_id=make_customer().pk, queue="after_sales", text="瓶子碎了", by="amy", at=NOON, **given
    )


def test_the_list_shows_what_waits_and_filters(client):
    sign_in(client, "operations")
    make_ticket(is_complaint=True)

    assert "瓶子碎了" in client.get(reverse("service:tickets")).content.decode()
    assert "瓶子碎了" not in client.get(reverse("service:tickets"), {"queue": "expert"}).content.decode()
    assert "瓶子碎了" in client.get(reverse("service:tickets"), {"which": "late"}).content.decode()
    assert client.get(reverse("service:tickets"), {"queue": "nonsense", "staff": "x"}).status_code == 200


def test_a_ticket_is_taken_noted_moved_closed_and_opened_again(client):
    sign_in(client, "service")
    ticket, clerk = make_ticket(), make_staff()

    for name, given in [
        ("take_ticket", {"staff": clerk.pk}),
        ("note_ticket", {"text": "已联系仓库"}),
        ("move_ticket", {"queue": "expert"}),
        ("close_ticket", {"resolution": "补发一瓶"}),
        ("reopen_ticket", {}),
    ]:
        assert client.post(reverse(f"service:{name}", args=[ticket.pk]), given).status_code == 302

    page = client.get(reverse("service:ticket", args=[ticket.pk])).content.decode()
    assert "已联系仓库" in page
    assert "转到队列：专家" in page
    ticket.refresh_from_db()
    assert (ticket.state, ticket.queue, ticket.resolution) == ("working", "expert", "")


def test_closing_without_a_result_is_refused_on_the_page(client):
    sign_in(client, "service")
    ticket = make_ticket()

    answer = client.post(reverse("service:close_ticket", args=[ticket.pk]), {"resolution": ""})

    assert answer.status_code == 422
    assert Ticket.objects.get().closed_at is None


def test_a_ticket_is_opened_for_a_customer(client):
    sign_in(client, "service")
    customer = make_customer()
    form = {"customer": customer.pk, "queue": "expert", "text": "想了解敏感肌方案"}

    assert client.get(reverse("service:new_ticket"), {"customer": customer.pk}).status_code == 200
    assert client.post(reverse("service:new_ticket"), form).status_code == 302
    assert Ticket.objects.get().customer == customer
    assert client.get(reverse("service:new_ticket"), {"customer": "9" * 40}).status_code == 404


def test_an_unsure_message_is_corrected_by_a_click(client):
    sign_in(client, "service")
    say("合同里藏霸王条款，无耻")
    sorting.sort_messages(at=NOON)
    label = MessageLabel.objects.get()
    assert "霸王条款" in client.get(reverse("service:unsure")).content.decode()

    answer = client.post(reverse("service:correct", args=[label.pk]), {"topic": "complaint"})

    assert "已更正" in answer.content.decode()
    assert Ticket.objects.get().is_complaint


def test_the_lead_says_who_takes_what_until_when_and_which_words_decide(client):
    sign_in(client, "operations")
    expert = make_expert()
    clock = {"queue": "expert", "minutes": 90, "valid_from": "2026-11-01T09:00", "source": "例会决定"}

    assert client.post(reverse("service:set_queue", args=["expert"]), {"staff": [expert.pk]}).status_code == 302
    assert client.post(reverse("service:add_ticket_clock"), clock).status_code == 302
    assert (
        client.post(reverse("service:add_sorting_rule"), {"words": "小票、发票", "topic": "after_sales"}).status_code
        == 302
    )
    assert client.post(reverse("service:set_queue", args=["nobody"]), {}).status_code == 422

    assert TicketClock.objects.get(source="例会决定").set_by == "operations-user"
    rule = SortingRule.objects.get(words=["小票", "发票"])
    assert client.post(reverse("service:switch_sorting_rule", args=[rule.pk])).status_code == 302
    assert "90" in client.get(reverse("service:queues")).content.decode()


def test_a_group_gets_only_an_expert_with_a_valid_credential(client):
    sign_in(client, "operations")
    group, ended, valid = make_group(), make_expert(expires_on=date(2021, 1, 1)), make_expert()
    address = reverse("service:set_group_expert", args=[group.pk])

    client.post(address, {f"{group.pk}-expert": ended.pk})
    group.refresh_from_db()
    assert group.expert is None
    client.post(address, {f"{group.pk}-expert": valid.pk})

    group.refresh_from_db()
    assert group.expert == valid
    assert "护肤交流群" in client.get(reverse("service:groups")).content.decode()


def test_a_card_shows_valid_credentials_and_hides_itself_when_told(client):
    staff = make_expert()
    experts.add_credential(
        staff.pk,
        title="过期证",
        number="1",
        issuer="某协会",
        issued_on=date(2019, 1, 1),
        expires_on=date(2020, 1, 1),
        by="boss",
    )
    card = experts.save_profile(staff.pk, headline="十年敏感肌顾问", introduction="", expertise="敏感肌", is_shown=True)

    page = client.get(reverse("service_public:card", args=[card.token])).content.decode()
    assert "公共营养师" in page
    assert "过期证" not in page

    StaffProfile.objects.update(is_shown=False)
    assert client.get(reverse("service_public:card", args=[card.token])).status_code == 404
    assert client.get(reverse("service_public:card", args=["none"])).status_code == 404


def test_cards_and_credentials_are_kept_on_their_page(client):
    sign_in(client, "operations")
    staff = make_staff()
    credential = {
        "title": "美容师",
        "number": "A1",
        "issuer": "人社部",
        "issued_on": "2024-01-01",
        "expires_on": "2030-01-01",
    }
    address = reverse("service:add_credential", args=[staff.pk])

    assert client.post(reverse("service:expert", args=[staff.pk]), {"is_shown": "on"}).status_code == 422
    assert (
        client.post(reverse("service:expert", args=[staff.pk]), {"headline": "顾问", "is_shown": "on"}).status_code
        == 302
    )
    assert client.post(address, credential).status_code == 302
    assert client.post(address, credential).status_code == 422
    assert client.post(address, credential | {"number": "A2", "expires_on": "2023-01-01"}).status_code == 422
    assert Credential.objects.get().checked_by == "operations-user"
    assert "美容师" in client.get(reverse("service:experts")).content.decode()
    assert client.post(reverse("service:remove_credential", args=[Credential.objects.get().pk])).status_code == 302


@pytest.mark.parametrize("name", ["tickets", "unsure", "queues", "groups", "experts"])
def test_strangers_see_nothing(client, name):
    assert client.get(reverse(f"service:{name}")).status_code == 302
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(reverse(f"service:{name}")).status_code == 403


def test_an_analyst_may_look_but_not_touch(client):
    sign_in(client, "analyst")
    ticket = make_ticket()
    join_queue("after_sales", make_staff())

    assert client.get(reverse("service:ticket", args=[ticket.pk])).status_code == 200
    assert client.post(reverse("service:close_ticket", args=[ticket.pk]), {"resolution": "x"}).status_code == 403
    assert Customer.objects.get().pk == ticket.customer_id


def test_a_customers_page_shows_their_open_tickets(client):
    sign_in(client, "service")
    ticket = make_ticket()

    page = client.get(reverse("console:customer", args=[ticket.customer_id])).content.decode()

    assert reverse("service:ticket", args=[ticket.pk]) in page
    assert f"{reverse('service:new_ticket')}?customer={ticket.customer_id}" in page
