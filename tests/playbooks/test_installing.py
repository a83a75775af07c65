import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from homeground.content.models import Message, MomentPlan, Persona, QuickReply
from homeground.journeys.models import FrequencyCap, Journey
from homeground.journeys.services import publishing
from homeground.people.models import Attribute
from homeground.playbooks.errors import CannotInstall
from homeground.playbooks.models import Installation, InstalledPiece
from homeground.playbooks.pack.reading import pack_from, pack_of, packs
from homeground.playbooks.services import Asked, install, planned, publish_journeys
from homeground.segments.models import Segment
from homeground.segments.services import create
from homeground.service.models import FollowUpRule
from tests.playbooks.world import fill_blanks, make_brand

SLUGS = ["big-decision", "business", "urgent-expert", "daily-care", "yearly-need", "compare-trust", "everyday"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _brand(db: None) -> None:
    make_brand()


def spoiled(slug: str, part: str, name: str, **fields: Any) -> Any:
    document = pack_of(slug).model_dump(mode="json")
    document[part][name] = copy.deepcopy(document[part][name]) | fields
    return pack_from(document, "mine.json")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("slug", SLUGS)
def test_a_pack_becomes_ordinary_objects_whose_journeys_go_live(slug, language):
    pack = pack_of(slug)
    expected = {(one.kind, one.name) for one in planned(pack, language) if not one.kept}

    installation = install(pack, Asked(language=language), by="owner")

    assert {(piece.kind, piece.name) for piece in installation.pieces.all()} == expected
    assert Segment.objects.count() == len(pack.segments)
    assert Message.objects.count() == len(pack.messages)
    assert QuickReply.objects.count() == len(pack.replies)
    assert set(Journey.objects.values_list("state", flat=True)) == {"draft"}
    assert Persona.objects.get().slots.count() == len(pack.persona.slots)
    assert set(MomentPlan.objects.values_list("state", flat=True)) == {"draft"}
    fill_blanks(installation)
    assert [one.refusal for one in publish_journeys(installation, by="owner")] == [""] * len(pack.journeys)
    assert set(Journey.objects.values_list("state", flat=True)) == {"live"}
    for journey in Journey.objects.all():
        assert publishing.check(journey.draft, slug=journey.slug) == []


def test_samples_with_blanks_do_not_reach_customers():
    installation = install(pack_of("everyday"), Asked(), by="owner")

    told = publish_journeys(installation, by="owner")

    stayed = {one.journey.slug for one in told if "____" in one.refusal}
    assert stayed == {"everyday-second-visit", "everyday-rhythm", "everyday-party", "everyday-joint"}
    assert {one.journey.slug for one in told if not one.refusal} == {"everyday-drift"}  # It sends no sample.


def test_all_packs_live_side_by_side():
    for pack in packs():
        install(pack, Asked(), by="owner")

    assert Installation.objects.count() == 7
    assert len(set(Segment.objects.values_list("slug", flat=True))) == sum(len(pack.segments) for pack in packs())


def test_a_repeat_makes_nothing_and_brings_nothing_back():
    first = install(pack_of("everyday"), Asked(), by="owner")
    QuickReply.objects.all().delete()
    before = InstalledPiece.objects.count()

    again = install(pack_of("everyday"), Asked(language="en"), by="somebody")

    assert again == first
    assert again.language == "zh"
    assert InstalledPiece.objects.count() == before
    assert not QuickReply.objects.exists()


def test_one_piece_that_cannot_be_made_leaves_nothing_behind():
    pack = spoiled("everyday", "messages", "due", body={"zh": "{{不存在}}", "en": "{{nothing}}"})

    with pytest.raises(CannotInstall, match="差不多该来一次了"):
        install(pack, Asked(), by="owner")

    assert not Installation.objects.exists()
    assert not Segment.objects.exists()
    assert not FollowUpRule.objects.filter(basis="tag").exists()


def test_names_that_are_taken_get_a_number_and_the_pack_still_names_its_own():
    create(slug="everyday-wants", name="别的", rule={"all": []})
    QuickReply.objects.create(title="缺货", text="别的", group="别的")

    installation = install(pack_of("everyday"), Asked(), by="owner")

    wants = Segment.objects.get(pk=installation.pieces.get(kind="segment", name="wants").object_id)
    assert wants.slug == "everyday-wants-2"
    rhythm = Journey.objects.get(slug="everyday-rhythm")
    assert rhythm.draft["nodes"]["has-need"]["ways"][0]["rule"] == {"segment": "everyday-wants-2"}
    assert set(QuickReply.objects.filter(title__startswith="缺货").values_list("title", flat=True)) == {
        "缺货", "缺货-2",
    }  # fmt: skip


def test_without_a_group_code_staff_invite_by_hand():
    install(pack_of("everyday"), Asked(), by="owner")

    step = Journey.objects.get(slug="everyday-second-visit").draft["nodes"]["group"]
    assert (step["kind"], step["title"]) == ("task", "结账时口头邀请进群")


def test_caps_are_never_loosened():
    before = FrequencyCap.objects.count()

    install(pack_of("everyday"), Asked(), by="owner")  # 7 days: 1, 2 and 3, as they are by default.

    assert FrequencyCap.objects.count() == before
    install(pack_of("daily-care"), Asked(), by="owner")  # 30 days: 1, 2 and 4 instead of 2, 4 and 6.
    assert FrequencyCap.objects.count() == before + 3
    assert FrequencyCap.objects.filter(set_by="owner", source__contains="长期坚持").count() == 3


def test_rules_may_name_the_predicted_date_before_the_first_prediction():
    install(pack_of("daily-care"), Asked(), by="owner")

    assert Attribute.objects.get(key="next_order_on").kind == "date"


def test_the_database_keeps_one_installation_of_a_pack():
    installation = install(pack_of("everyday"), Asked(), by="owner")

    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(
            pack="everyday", version=1, document={}, language="zh", installed_by="x",
            installed_at=installation.installed_at,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.filter(pk=installation.pk).update(language="fr")


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_install_once():
    def click(_number: int) -> int:
        try:
            return install(pack_of("everyday"), Asked(), by="owner").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = set(pool.map(click, range(2)))

    assert len(found) == 1
    assert Segment.objects.count() == len(pack_of("everyday").segments)
