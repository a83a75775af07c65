import pytest

from tests.ingest.support import post

pytestmark = pytest.mark.django_db


def test_smoke():
    answer = post(
        "/v1/batch",
        {
            "batch": [
                {
                    "type": "track",
                    "event": "Opened",
                    "userId": "u1",
                    "messageId": "m1",
                    "timestamp": "2026-11-01T00:00:00Z",
                    "properties": {"a": 1},
                }
            ]
        },
    )
    assert answer.status_code == 200
    assert answer.json() == {"success": True}
    answer = post("/api/v1/events", [{"name": "x", "identities": {"phone": "13800000000"}}])
    print(answer.json())
    assert answer.status_code == 200
