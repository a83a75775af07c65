from datetime import timedelta
from typing import Any

import pytest

from homeground.content.models import Message, QuickReply
from homeground.journeys.models import FrequencyCap, Journey
from homeground.journeys.queries import policy_at
from homeground.playbooks.errors import CannotUpgrade, NotInstalled
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.playbooks.pack.nodes import Pack
from homeground.playbooks.pack.reading import pack_from, pack_of
from homeground.playbooks.services import Asked, changes, install, publish_journeys, remove, upgrade
from homeground.segments.models import Segment
from tests.journeys.world import NOON
from tests.playbooks.world import fill_blanks, make_brand

pytestmark = pytest.mark.django_db


@pytest.fixture
def installed(db: None) -> Installation:
    make_brand()
    return install(pack_of("everyday"), Asked(), by="owner")


def second_version(**more: Any) -> Pack:
    """Two replies with other words, one reply gone, one segment and one journey on it new."""
    document = pack_of("everyday").model_dump(mode="json")
    document["version"] += 1
    for name in ("open", "out"):
        document["replies"][name]["text"] = {"zh": f"{name} 新说法", "en": f"{name} anew"}
    del document["replies"]["allergy"]
    document["segments"]["loyal"] = document["segments"]["regulars"] | {"name": {"zh": "铁粉", "en": "Loyal"}}
    document["journeys"]["loyal"] = document["journeys"]["rhythm"] | {
        "name": {"zh": "铁粉节奏", "en": "Loyal rhythm"},
        "graph": document["journeys"]["rhythm"]["graph"] | {"entries": [{"by": "segment", "segment": "loyal"}]},
    }
    return pack_from(document | more, "everyday.json")


def reply_of(installation: Installation, name: str) -> QuickReply:
    return QuickReply.objects.get(pk=installation.pieces.get(kind="reply", name=name).object_id)


def edit(installation: Installation, name: str) -> None:
    reply = reply_of(installation, name)
    reply.text = "我们自己的说法"
    reply.save()


def test_the_same_version_changes_nothing(installed):
    found = changes(installed, pack_of("everyday"))

    assert {change.status for change in found} <= {"same", "kept"}


def test_a_newer_version_shows_what_is_other_new_and_gone(installed):
    edit(installed, "out")
    QuickReply.objects.filter(pk=reply_of(installed, "wait").pk).delete()

    found = {change.key: change for change in changes(installed, second_version())}

    assert found["reply:open"].status == "updated"
    assert [(one.field, one.after) for one in found["reply:open"].differences] == [("text", "open 新说法")]
    assert found["reply:out"].status == "edited"
    assert found["reply:wait"].status == "deleted"
    assert found["reply:allergy"].status == "gone"
    assert found["segment:loyal"].status == "new"
    assert found["message:due"].status == "same"


def test_only_what_is_chosen_is_applied_and_a_repeat_finds_nothing(installed):
    upgrade(second_version(), ["reply:open"], by="owner")

    installed.refresh_from_db()
    assert installed.version == pack_of("everyday").version + 1
    assert reply_of(installed, "open").text == "open 新说法"
    assert not Segment.objects.filter(name="铁粉").exists()
    again = {change.key: change.status for change in changes(installed, second_version())}
    assert again["reply:open"] == "same"
    assert again["segment:loyal"] == "new"
    with pytest.raises(CannotUpgrade):
        upgrade(second_version(), ["reply:open"], by="owner")


def test_an_edit_is_never_overwritten(installed):
    edit(installed, "out")

    with pytest.raises(CannotUpgrade, match="缺货"):
        upgrade(second_version(), ["reply:open", "reply:out"], by="owner")

    assert reply_of(installed, "out").text == "我们自己的说法"
    assert reply_of(installed, "open").text != "open 新说法"
    installed.refresh_from_db()
    assert installed.version == pack_of("everyday").version


def test_a_limit_that_the_brand_set_later_is_an_edit_and_no_upgrade_loosens_it(db):
    make_brand()
    installation = install(pack_of("daily-care"), Asked(), by="owner", at=NOON)
    document = pack_of("daily-care").model_dump(mode="json")
    document["caps"]["two-way-30"]["max_touches"] = 5
    document["caps"]["one-way-30"]["max_touches"] = 1
    newer = pack_from(document | {"version": 99}, "daily-care.json")
    given = {"relation": "two_way", "window_days": 30, "source": "团队决定", "set_by": "owner"}
    FrequencyCap.objects.create(max_touches=1, valid_from=NOON + timedelta(days=1), **given)

    found = {change.key: change.status for change in changes(installation, newer)}

    assert (found["cap:two-way-30"], found["cap:one-way-30"]) == ("edited", "updated")
    with pytest.raises(CannotUpgrade):
        upgrade(newer, ["cap:two-way-30"], by="owner")
    later = NOON + timedelta(days=2)
    upgrade(newer, ["cap:one-way-30"], by="owner", at=later)
    now = {cap.relation: cap.max_touches for cap in policy_at(later).caps if cap.window_days == 30}
    assert (now["two_way"], now["one_way"]) == (1, 1)


def test_new_pieces_come_with_what_they_need_or_not_at_all(installed):
    with pytest.raises(CannotUpgrade):
        upgrade(second_version(), ["nonsense:x"], by="owner")

    upgrade(second_version(), ["segment:loyal", "journey:loyal"], by="owner")

    journey = Journey.objects.get(slug="everyday-loyal")
    assert journey.draft["entries"] == [{"by": "segment", "segment": "everyday-loyal"}]
    assert journey.state == "draft"


def test_a_new_journey_without_the_new_segment_it_names_is_refused(installed):
    with pytest.raises(CannotUpgrade, match="铁粉节奏"):
        upgrade(second_version(), ["journey:loyal"], by="owner")

    assert not Journey.objects.filter(slug="everyday-loyal").exists()


def test_removing_takes_what_nobody_edited_and_nothing_stands_on(installed):
    edit(installed, "out")
    stays = Message.objects.get(name="差不多该来一次了")
    mine = Journey.objects.get(slug="everyday-rhythm")
    mine.name = "我们的节奏"
    mine.save()

    told = remove("everyday")

    assert "缺货" in told.edited
    assert "复购节奏：到点提醒一句" in told.edited
    assert stays.name in told.used  # The journey that was edited sends it.
    assert Journey.objects.get() == mine
    assert set(QuickReply.objects.values_list("title", flat=True)) == {"缺货"}
    assert Segment.objects.listed().filter(slug="everyday-wants").exists()
    assert not Segment.objects.listed().filter(slug="everyday-drifting").exists()
    assert not Installation.objects.exists()
    assert not InstalledPiece.objects.exists()
    with pytest.raises(NotInstalled):
        remove("everyday")


def test_journeys_that_run_stay_with_all_they_name(installed):
    fill_blanks(installed)
    assert {one.refusal for one in publish_journeys(installed, by="owner")} == {""}

    told = remove("everyday")

    assert Journey.objects.count() == len(pack_of("everyday").journeys)
    assert len([name for name in told.removed if Journey.objects.filter(name=name)]) == 0
    assert Segment.objects.listed().filter(slug="everyday-due-soon").exists()


def test_a_pack_that_is_not_installed_cannot_be_upgraded(db):
    make_brand()
    with pytest.raises(NotInstalled):
        upgrade(second_version(), [], by="owner")
