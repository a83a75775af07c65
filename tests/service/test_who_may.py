"""Every address of the room: a 导购 sees their own customers alone, a stranger nobody, and looking changes nothing."""

import pytest
from django.urls import reverse

from homeground.content.models import QuickReply
from homeground.core import time
from homeground.people.models import Tag
from homeground.segments.services import create_list
from homeground.service import public_urls
from homeground.service.models import CareItem, ChatMessage, Note, Task, Ticket, TicketNote, Turn, Wait
from homeground.service.services import care, rules, tasks, tickets
from homeground.service.services.tasks import Assignment
from homeground.wecom.models import MassSend, MassSendTask, Staff
from tests.service.world_day import NOON, make_friend, make_staff, minutes, said, tell
from tests.strangers import addresses, answers, onlooker, salesperson

pytestmark = pytest.mark.django_db


def test_no_page_of_the_console_is_open_to_a_stranger_or_a_salesperson(client):
    assert set(answers(client, "service").values()) == {(302, 302)}
    client.force_login(salesperson())

    assert set(answers(client, "service").values()) == {(403, 403)}


def test_who_may_only_look_changes_nothing(client):
    client.force_login(onlooker())

    posted = {name for name, (_got, post) in answers(client, "service").items() if post not in (403, 405)}

    assert not posted


def test_forms_offer_names_never_row_numbers(admin_client):
    make_staff("li", name="李静")
    Tag.objects.create(name="会员")
    create_list(slug="vip", name="高价值", lines=["phone", "13800138000"])

    for _name, url in addresses("service"):
        assert " object (" not in admin_client.get(url).content.decode(), url


@pytest.fixture
def theirs(monkeypatch, db):
    """Another member's day: a friend who waits, a task, a ticket, a care round, a send; and a prepared answer."""
    monkeypatch.setattr(time, "now", lambda: minutes(5))
    rules.install_defaults()
    wang = make_staff("wang", name="王芳")
    friend = make_friend(wang, "wm9", "别人的客户")
    tell(said("wm9", 0, userid="wang", text="别人的话"))
    given = {"staff_id": wang.pk, "customer_id": friend.customer_id, "due_on": tasks.today()}
    tasks.assign([Assignment(key="a", title="别人的任务", kind="hand", **given)])
    ticket = tickets.open_ticket(customer_id=friend.customer_id, queue="expert", text="别人的工单", by="boss")
    Ticket.objects.update(staff=wang)
    care.plan_care(tasks.today())
    send = MassSend.objects.create(
        key="s", msgid="m", content={"text": "别人的群发"}, state="placed", asked_at=NOON, expires_at=minutes(600)
    )
    MassSendTask.objects.create(mass_send=send, staff=wang)
    reply = QuickReply.objects.create(title="话术", text="你好", group="g")
    return {"customer": friend.customer_id, "ticket": ticket.pk, "reply": reply.pk}


def addresses_of_staff(theirs):
    """Each address of the staff's pages with the method it takes; what carries an id carries another member's."""
    wait, task, item = Wait.objects.get().pk, Task.objects.get(kind="hand").pk, CareItem.objects.get().pk
    own = {"day": "get", "now": "get", "log_request": "post"}
    with_id = {
        "handle_wait": ("post", [{"pk": wait}]),
        "undo_wait": ("post", [{"pk": wait}]),
        "close_task": ("post", [{"pk": task, "how": how} for how in ("done", "skip", "undo")]),
        "act_on_ticket": ("post", [{"pk": theirs["ticket"], "how": how} for how in ("close", "undo")]),
        "tick": ("post", [{"pk": item, "what": what} for what in ("like", "comment", "back", "leave", "bring")]),
        "customer": ("get", [{"pk": theirs["customer"]}]),
        "change": ("post", [{"pk": theirs["customer"], "what": what} for what in CHANGES]),
        "scripts": ("get", [{"pk": theirs["customer"]}]),
        "touches": ("get", [{"pk": theirs["customer"]}]),
        "used": ("post", [{"pk": theirs["customer"], "reply": theirs["reply"]}]),
    }
    elsewhere = {"card", "more", "sidebar"}  # For customers; and two that take no id of a row: below.
    assert {pattern.name for pattern in public_urls.urlpatterns} == {*own, *with_id, *elsewhere}
    return own, [
        (how, reverse(f"service_public:{name}", kwargs=kw)) for name, (how, all_) in with_id.items() for kw in all_
    ]


CHANGES = {
    "ticket": {"queue": "expert", "text": "x"}, "tag": {"name": "x"}, "untag": {"name": "x"}, "note": {"text": "x"},
    "limit": {"text": "x"}, "lift": {"limit": "1"}, "interval": {"days": "3"},
    "birthday": {"calendar": "solar", "birthday": "1990-01-02"},
}  # fmt: skip
GIVEN = {"reason": "x", "resolution": "x"} | {key: value for given in CHANGES.values() for key, value in given.items()}


def state():
    rows = (Wait, Task, Ticket, TicketNote, CareItem, Note, Turn, ChatMessage, Staff)
    return [list(model.objects.order_by("pk").values()) for model in rows]


def test_nothing_of_another_members_is_shown_or_changed(client, theirs):
    _own, addresses = addresses_of_staff(theirs)
    client.force_login(salesperson())
    before = state()

    for how, url in addresses:
        assert getattr(client, how)(url, GIVEN if how == "post" else {}).status_code == 404, url
        chosen = f"{url}?as={Staff.objects.get(userid='wang').pk}"
        assert getattr(client, how)(chosen, GIVEN if how == "post" else {}).status_code == 404, chosen
    assert client.get(reverse("service_public:sidebar"), {"external_userid": "wm9"}).status_code == 404
    assert state() == before


def test_pages_and_fragments_of_a_salesperson_show_nobody_elses(client, theirs):
    client.force_login(salesperson())
    pages = [reverse("service_public:day"), reverse("service_public:now")]
    pages += [reverse("service_public:more", args=[kind]) for kind in ("wait", "request", "ticket", "hand", "care")]
    pages += [f"{page}?as={Staff.objects.get(userid='wang').pk}" for page in pages]

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert "别人" not in answer.content.decode(), page


def test_a_stranger_to_the_console_reaches_no_page_of_staff(client, theirs):
    own, addresses = addresses_of_staff(theirs)
    before = state()

    for how, url in [*addresses, *((how, reverse(f"service_public:{name}")) for name, how in own.items())]:
        assert getattr(client, how)(url).status_code == 302, url
    assert state() == before
