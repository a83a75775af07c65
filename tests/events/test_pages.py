"""The pages of the stream."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from homeground.events import mending, privacy, stream
from homeground.events.catalog import channels, commerce, people, segments
from homeground.events.catalog.channels import TouchFact
from homeground.events.facts import CATALOG
from homeground.events.labels import LABELS
from homeground.events.models import SetAside, StreamBatch
from homeground.events.services import Incoming, key_of, receive
from tests.events.taps import tap
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _as_recorded(monkeypatch):
    monkeypatch.setattr(stream, "resolver", stream._as_recorded)
    monkeypatch.setattr(stream, "chores", [])


def visitor(*permissions: str) -> Client:
    user = User.objects.create_user("wang", password="a-long-password")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def tell(*names: str, customer_id: int | None = 7, **properties: object) -> None:
    receive(
        Incoming(
            name=name,
            key=key_of(name, str(number), str(properties)),
            stated_at=NOON,
            happened_at=NOON,
            source="web",
            identities=(("phone", "13800001234"),),
            properties=properties,
            customer_id=customer_id,
        )
        for number, name in enumerate(names)
    )
    drain()


def test_events_stand_newest_first_with_their_names():
    tell("page_viewed", "cup_bought")
    page = visitor("view_streamevent").get(reverse("events:stream")).content.decode()

    assert page.index("cup_bought</div>") < page.index("浏览网页<br>")
    assert "已接收的事件都已到达" in page
    assert 'hx-trigger="every 4s"' in page


def test_what_has_not_arrived_is_said():
    tap(1)
    page = visitor("view_streamevent").get(reverse("events:stream")).content.decode()

    assert "1 条等待写入" in page
    assert "还没有事件" in page


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("name=page_viewed", True),
        ("name=cup_bought", False),
        ("source=web", True),
        ("customer=7", True),
        ("customer=8", False),
        ("within=1", True),
        ("before=1", False),
        ("name=unknown", False),
        ("customer=nobody&before=x&within=y", True),
        ("before=99999999999999999999", True),
    ],
)
def test_filters_by_address_and_nonsense_is_left_out(query, there):
    tell("page_viewed")
    if "cup" in query:
        tell("cup_bought")
    page = visitor("view_streamevent").get(f"{reverse('events:stream')}?{query}")

    assert page.status_code == 200
    rows = page.context["rows"]
    assert any(event.name == "page_viewed" for event, _ in rows) is there


def test_a_page_leads_to_older_events_and_back():
    tell(*["page_viewed"] * 60)
    client = visitor("view_streamevent")
    first = client.get(reverse("events:stream"))
    second = client.get(reverse("events:stream") + first.context["older"])

    shown = [event.id for event, _ in [*first.context["rows"], *second.context["rows"]]]
    assert len(set(shown)) == len(shown) == 60
    assert shown == sorted(shown, reverse=True)
    assert not second.context["is_live"]


def test_htmx_gets_the_list_alone_and_a_paused_page_does_not_ask():
    tell("page_viewed")
    client = visitor("view_streamevent")

    part = client.get(reverse("events:stream"), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="stream"')
    assert "every 4s" not in client.get(reverse("events:stream") + "?paused=1").content.decode()


def test_an_event_shows_its_properties_with_personal_data_masked():
    tell("cup_bought", phone="13800001234", email="wang@shop.cn", colour="blue", note="13900005678")
    client = visitor("view_streamevent")
    ((event, _),) = client.get(reverse("events:stream")).context["rows"]

    page = client.get(reverse("events:event", args=[event.id, event.name])).content.decode()

    assert "blue" in page
    assert "138****1234" in page
    assert "w***@shop.cn" in page
    for secret in ("13800001234", "wang@shop.cn", "13900005678"):
        assert secret not in page


def test_an_event_that_is_not_there_is_not_found():
    assert visitor("view_streamevent").get(reverse("events:event", args=[1, "a b/c"])).status_code == 404


def test_what_is_masked_and_what_is_not():
    given = {
        "amount_minor": 13800001234,
        "customer": {"Mobile": 13800001234, "tags": ["wang@shop.cn", "vip"]},
        "ok": True,
    }

    assert privacy.shown(given) == {
        "amount_minor": 13800001234,
        "customer": {"Mobile": "138****1234", "tags": ["w***@shop.cn", "vip"]},
        "ok": True,
    }


def set_one_aside(monkeypatch) -> SetAside:
    def stumble(events):
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(stream, "resolver", stumble)
        tap(1)
        drain()
    return SetAside.objects.get()


def test_set_aside_events_are_listed_retried_and_discarded(monkeypatch):
    entry = set_one_aside(monkeypatch)
    client = visitor("view_streamevent", "mend_stream")

    page = client.get(reverse("events:set_aside")).content.decode()
    assert "ValueError" in page
    assert "识别客户" in page

    said = client.post(reverse("events:mend"), {"retry": "", "pk": entry.pk}, follow=True).content.decode()
    assert "1 条事件处理成功" in said
    assert not SetAside.objects.exists()


def test_discarding_keeps_the_record_and_hides_it(monkeypatch):
    entry = set_one_aside(monkeypatch)
    client = visitor("view_streamevent", "mend_stream")

    said = client.post(reverse("events:mend"), {"discard": "", "pk": entry.pk}, follow=True).content.decode()

    assert "已放弃 1 条事件" in said
    assert SetAside.objects.get().discarded_at
    assert "没有搁置的事件" in said


def test_a_retry_that_cannot_be_now_says_so(monkeypatch):
    set_one_aside(monkeypatch)
    StreamBatch.objects.update(state=StreamBatch.State.APPENDED)

    said = visitor("view_streamevent", "mend_stream").post(reverse("events:mend"), {"all": ""}, follow=True)

    assert "还没有处理完" in said.content.decode()
    assert SetAside.objects.count() == 1


def test_a_stranger_sees_and_changes_nothing(monkeypatch):
    entry = set_one_aside(monkeypatch)
    nobody = visitor()
    for url in (reverse("events:stream"), reverse("events:set_aside"), reverse("events:event", args=[1, "a"])):
        assert nobody.get(url).status_code == 403
        assert Client().get(url).status_code == 302
    assert nobody.post(reverse("events:mend"), {"discard": "", "pk": entry.pk}).status_code == 403

    nobody.force_login(User.objects.create_user("li"))
    assert mending.discard_set_aside([]) == 0
    assert SetAside.objects.get().discarded_at is None


def test_every_fact_of_the_dictionary_has_a_name_on_screen():
    rooms = (channels, commerce, people, segments)
    ours = {
        name
        for name, fact in CATALOG.items()
        if fact.__module__ in {room.__name__ for room in rooms} and fact is not TouchFact
    }

    assert ours <= set(LABELS)
