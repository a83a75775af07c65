import pytest

from homeground.ingest.services.tokens import create_token
from homeground.journeys.models import Enrolment, Journey
from homeground.journeys.services import publishing
from tests.journeys import world
from tests.journeys.graphs import graph, send, wait

pytestmark = pytest.mark.django_db


def bearer(*scopes):
    return {"headers": {"Authorization": f"Bearer {create_token(f'{scopes}', scopes)}"}}


@pytest.fixture
def call(client, calm):
    manager = bearer("manage", "read")

    def ask(method, path, document=None):
        kind = {"content_type": "application/json"} if document is not None else {}
        answer = getattr(client, method)(f"/api/v1/{path}", document or None, **kind, **manager)
        return answer.status_code, answer.json()

    return ask


@pytest.fixture
def care(calm):
    journey = publishing.create(name="care", slug="care", link="retain", draft=graph({"a": wait()}), holdout_bp=0)
    publishing.publish(journey.pk)
    return Journey.objects.get()


def test_a_program_makes_a_journey_publishes_it_and_reads_its_numbers(call):
    status, made = call("post", "journeys", {"name": "唤回", "slug": "recall", "link": "activate", "holdout_bp": 0})
    assert (status, made["state"], made["versions"]) == (200, "draft", [])

    assert call("put", "journeys/recall/draft", graph({"a": wait()})) == (200, {"problems": []})
    status, version = call("post", "journeys/recall/publish", {"succession": "finish"})
    assert (status, version["number"], list(version["graph"]["nodes"])) == (200, 1, ["a"])

    customer = world.make_customer()
    entered = call("post", "journeys/recall/enter", {"cause": "crm-1", "customers": [{"customer_id": customer.pk}]})
    assert entered == (200, {"entered": 1, "held_out": 0, "refused": {}})
    status, found = call("get", "journeys/recall")
    assert (found["walking"], found["entered_today"], found["versions"][0]["at"]) == (1, 1, {"a": 1})
    assert [one["slug"] for one in call("get", "journeys")[1]["journeys"]] == ["recall"]
    assert call("get", "journeys?before=recall")[1] == {"journeys": []}

    (walk,) = call("get", f"customers/{customer.pk}/walks")[1]["walks"]
    assert (walk["journey"], walk["node"], walk["state"]) == ("recall", "a", "walking")
    assert call("get", f"walks/{walk['id']}")[1]["taken"] == []

    assert call("post", "journeys/recall/pause")[1]["state"] == "paused"
    assert call("post", "journeys/recall/resume")[1]["state"] == "live"
    ended = call("post", "journeys/recall/end")[1]
    assert (ended["state"], ended["walking"], ended["ended"]) == ("ended", 0, {"journey_ended": 1})


def test_a_repeat_with_the_same_cause_lets_nobody_in_twice(call, care):
    customer = world.make_customer(phone=False)
    customer.identities.create(kind="phone", value="13800001234")
    body = {"cause": "crm-7", "customers": [{"identity": {"kind": "phone", "value": "+86 138-0000-1234"}}]}

    assert call("post", "journeys/care/enter", body)[1]["entered"] == 1
    assert call("post", "journeys/care/enter", body)[1] == {"entered": 0, "held_out": 0, "refused": {"repeated": 1}}
    by_id = {"cause": "crm-7", "customers": [{"customer_id": customer.pk}]}
    assert call("post", "journeys/care/enter", by_id)[1]["refused"] == {"repeated": 1}
    assert Enrolment.objects.count() == 1


def test_whom_nobody_knows_is_counted_and_not_made_a_customer(call, care):
    guests = [{"identity": {"kind": "phone", "value": "13900009999"}}, {"customer_id": 2**40}, {}]
    guests.append({"identity": {"kind": "phone", "value": "no phone"}})

    assert call("post", "journeys/care/enter", {"cause": "x", "customers": guests})[1]["refused"] == {"unknown": 4}
    assert not Enrolment.objects.exists()


def test_a_merged_customer_enters_as_who_she_is(call, care):
    survivor = world.make_customer()
    absorbed = world.make_customer(merged_into=survivor)
    guests = [{"customer_id": absorbed.pk}, {"customer_id": survivor.pk}]

    assert call("post", "journeys/care/enter", {"cause": "x", "customers": guests})[1]["entered"] == 1
    assert Enrolment.objects.get().customer == survivor
    assert len(call("get", f"customers/{absorbed.pk}/walks")[1]["walks"]) == 1


def test_a_journey_that_is_not_open_to_it_lets_nobody_in(call, care):
    publishing.save_draft(care.pk, graph({"a": wait()}, entries=[{"by": "event", "event": "x"}]))
    publishing.publish(care.pk)
    guests = [{"customer_id": world.make_customer().pk}]
    status, refusal = call("post", "journeys/care/enter", {"cause": "x", "customers": guests})

    assert (status, refusal["code"]) == (400, "journey_in_wrong_state")
    assert "手动加入" in refusal["message"]


def test_a_refused_graph_names_every_problem(call, care):
    call("put", "journeys/care/draft", graph({"a": send("b", message=9)}))
    status, refusal = call("post", "journeys/care/publish", {})

    assert (status, refusal["code"]) == (400, "graph_refused")
    assert [(one["node"], one["field"]) for one in refusal["problems"]] == [("a", "next"), ("a", "message")]
    assert care.versions.count() == 1


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("journeys", {"name": "", "link": "retain"}),
        ("journeys", {"name": "x", "link": "nothing"}),
        ("journeys", {"name": "x", "link": "retain", "slug": "a b"}),
        ("journeys", {"name": "x", "link": "retain", "holdout_bp": 10_000}),
        ("journeys", {"name": "x", "link": "retain", "slug": "care"}),
        ("journeys", {"name": "x", "link": "retain", "draft": {"nodes": "\x00"}}),
        ("journeys/care/publish", {"succession": "vanish"}),
        ("journeys/care/publish", {"succession": "move", "node_map": {"a": "zz"}}),
        ("journeys/care/enter", {"cause": "x", "customers": []}),
        ("journeys/care/enter", {"cause": "", "customers": [{"customer_id": 1}]}),
        ("journeys/care/enter", {"cause": "x", "customers": [{"customer_id": 2**70}]}),
        ("journeys/care/enter", {"cause": "x", "customers": [{"identity": {"kind": "phone", "value": "\x00"}}]}),
        ("journeys/care/enter", {"cause": "x", "customers": [{"customer_id": 1}] * 1001}),
        ("journeys/none/end", {}),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(call, care, path, document):
    status, answer = call("post", path, document)

    assert status in (400, 422), answer
    assert answer["message"]
    assert (Journey.objects.count(), care.versions.count(), Enrolment.objects.count()) == (1, 1, 0)


def test_a_stranger_and_a_reader_may_not(client, care):
    reader = bearer("read")

    assert client.get("/api/v1/journeys").status_code == 401
    assert client.get("/api/v1/journeys/care", **reader).status_code == 200
    for verb in ("pause", "end", "publish", "enter"):
        answer = client.post(f"/api/v1/journeys/care/{verb}", {}, content_type="application/json", **reader)
        assert answer.status_code in (401, 403)
    assert Journey.objects.get().state == "live"
    assert client.get("/api/v1/walks/99", **reader).status_code == 404
