import pytest

from homeground.ingest.services.tokens import create_token
from homeground.segments.services import create_list_from_rule
from tests.segments.people import AT, TAGGED, make_customers

pytestmark = pytest.mark.django_db


def bearer(*scopes: str) -> dict[str, str]:
    return {"headers": {"Authorization": f"Bearer {create_token(f'{scopes}', scopes)}"}}


def test_programs_list_count_and_page_through_members(client):
    ids = make_customers(5, tagged=[0, 2, 3])
    create_list_from_rule(slug="vip", name="vip", rule=TAGGED, at=AT)
    reader, manager = bearer("read"), bearer("manage")

    listed = client.get("/api/v1/segments", **reader).json()
    counted = client.post("/api/v1/segments/count", {"rule": TAGGED}, content_type="application/json", **manager)
    first = client.get("/api/v1/segments/vip/members?size=2", **reader).json()
    rest = client.get(f"/api/v1/segments/vip/members?size=2&after={first['next']}", **reader).json()

    assert [one["slug"] for one in listed] == ["vip"]
    assert counted.json()["customers"] == 3
    assert first["customer_ids"] + rest["customer_ids"] == [ids[0], ids[2], ids[3]]
    assert rest["next"] is None


def test_what_is_wrong_is_a_sentence_and_no_token_no_answer(client):
    manager = bearer("manage")
    wrong = client.post("/api/v1/segments/count", {"rule": {"tag": []}}, content_type="application/json", **manager)

    assert wrong.status_code == 400
    assert "tag" in wrong.json()["message"]
    assert client.get("/api/v1/segments/none/members", **bearer("read")).status_code == 400
    assert client.get("/api/v1/segments").status_code == 401
