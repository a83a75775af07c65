from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from homeground.commerce.models import Order
from homeground.ingest.models import FileImport, Token
from homeground.ingest.services import uploads
from homeground.ingest.services.tokens import check_token, create_token
from tests.ingest.files import ORDERS
from tests.ingest.support import post
from tests.ingest.test_order_files import ONE

pytestmark = pytest.mark.django_db
MAPPED = {f"column_{place}": name for place, name in enumerate(ORDERS.strip().split(","))}


@pytest.fixture
def console(db) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("owner", password="of-the-house-1"))
    return client


@pytest.fixture
def stranger(db) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("stranger", password="of-the-house-1"))
    return client


def brought(console: Client, text: str = ORDERS + ONE + "bad\n", kind: str = "orders", **more: str) -> FileImport:
    file = SimpleUploadedFile("订单.csv", text.encode())
    answer = console.post(reverse("ingest:upload"), {"kind": kind, "preset": "", "file": file} | more)
    row = FileImport.objects.latest("pk")
    assert answer["Location"] == reverse("ingest:import", args=[row.pk])
    return row


def run_jobs(row: FileImport, *, dry_run: bool) -> FileImport:
    """What the worker would do."""
    uploads.run(row.pk, dry_run=dry_run)
    row.refresh_from_db()
    return row


def test_a_token_is_shown_on_one_page_only(console):
    answer = console.post(reverse("ingest:create_token"), {"name": "官网", "scopes": ["ingest"]})

    text = answer.context["made"]
    assert check_token(text, "ingest")
    assert text in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert text not in console.get(reverse("ingest:sources")).content.decode()


def test_a_name_that_is_taken_is_refused_in_the_form(console):
    create_token("官网", ["ingest"])

    answer = console.post(reverse("ingest:create_token"), {"name": "官网", "scopes": ["ingest"]})

    assert answer.status_code == 422
    assert "已有名为 官网 的令牌" in answer.content.decode()
    assert Token.objects.count() == 1


def test_a_token_is_revoked(console):
    create_token("官网", ["ingest"])

    console.post(reverse("ingest:revoke_token", args=[Token.objects.get().pk]))

    assert Token.objects.get().revoked_at


def test_a_file_is_previewed_tried_and_taken(console):
    row = brought(console)
    page = console.get(reverse("ingest:import", args=[row.pk])).content.decode()
    assert "绿茶" in page

    console.post(reverse("ingest:import", args=[row.pk]), MAPPED | {"try": "1", "currency": "cny"})
    row = run_jobs(row, dry_run=True)
    assert (row.state, row.trial["accepted"], row.trial["rejected"]) == ("draft", 1, 1)
    assert not Order.objects.exists()
    assert "试算结果" in console.get(reverse("ingest:import", args=[row.pk])).content.decode()

    console.post(reverse("ingest:import", args=[row.pk]), MAPPED | {"run": "1"})
    row = run_jobs(row, dry_run=False)
    assert (row.state, row.result["new"]) == ("done", {"orders": 1, "refunds": 0, "customers": 1})
    assert Order.objects.get().source == "file:订单.csv"
    download = console.get(reverse("ingest:rejects", args=[row.pk]))
    assert b"bad" in b"".join(download.streaming_content)


def test_a_wish_that_does_not_fit_is_refused_in_the_form(console):
    row = brought(console)

    for wrong in ({"column_0": ""}, {"column_1": "order_no"}, {"time_zone": "Mars/Base"}, {"currency": "RMB"}):
        answer = console.post(reverse("ingest:import", args=[row.pk]), MAPPED | {"run": "1"} | wrong)
        assert answer.status_code == 422
    assert FileImport.objects.get().state == "draft"


def test_what_is_no_table_is_not_kept(console):
    answer = console.post(
        reverse("ingest:upload"), {"kind": "orders", "file": SimpleUploadedFile("a.csv", b"\x00\x01")}
    )

    assert answer.status_code == 422
    assert not FileImport.objects.exists()


def test_the_name_of_an_upload_leads_nowhere(console):
    file = SimpleUploadedFile("x", ORDERS.encode())
    file._name = "../../../etc/passwd"
    row = uploads.keep_upload(file, "orders", None, "owner")

    assert Path(row.path).name == "passwd"
    assert "uploads" in Path(row.path).parts


def test_an_import_that_runs_is_not_started_again(console):
    row = brought(console)
    console.post(reverse("ingest:import", args=[row.pk]), MAPPED | {"run": "1"})

    assert "hx-get" in console.get(reverse("ingest:progress", args=[row.pk])).content.decode()
    with pytest.raises(uploads.ImportUnderWay):
        uploads.start(row, dry_run=False)


def test_an_import_whose_process_died_may_be_started_again(console):
    row = brought(console)
    uploads.start(row, dry_run=False)
    FileImport.objects.update(seen_at="2026-01-01T00:00:00Z", state="running")

    uploads.start(row, dry_run=False)


def test_a_refusal_of_the_job_is_told(console):
    row = brought(console, ORDERS)
    uploads.start(row, dry_run=False)
    Path(row.path).unlink()

    assert run_jobs(row, dry_run=False).state == "failed"
    row.refresh_from_db()
    assert "无法读取文件" in row.failure


def test_rejected_events_are_shown_with_their_reason_and_veiled(console):
    bad = {"type": "nothing", "userId": "u1", "traits": {"phone": "13812345678", "email": "li.lei@example.com"}}
    post("/v1/batch", {"batch": [bad]})

    page = console.get(reverse("ingest:rejected")).content.decode()

    assert "消息类型未知" in page
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "li.lei@" not in page


PAGES = ["sources", "imports", "rejected"]


def test_a_stranger_sees_and_does_nothing(console, stranger):
    row = brought(console)
    token = create_token("官网", ["ingest"])

    for name in PAGES:
        assert stranger.get(reverse(f"ingest:{name}")).status_code == 403
    for name in ("import", "progress", "rejects"):
        assert stranger.get(reverse(f"ingest:{name}", args=[row.pk])).status_code == 403
    for address in (reverse("ingest:create_token"), reverse("ingest:upload"), reverse("ingest:import", args=[row.pk])):
        assert stranger.post(address, {"name": "x", "scopes": "ingest"}).status_code == 403
    assert stranger.post(reverse("ingest:revoke_token", args=[Token.objects.get().pk])).status_code == 403
    assert check_token(token, "ingest")


def test_nobody_is_asked_to_sign_in(db):
    for name in PAGES:
        assert Client().get(reverse(f"ingest:{name}")).status_code == 302
