from datetime import timedelta

import pytest

from homeground.channels.models import Channel
from homeground.content.errors import BadText
from homeground.journeys import queries, services
from homeground.journeys.errors import CannotFreeze, WrongState
from homeground.journeys.holdout import bucket
from homeground.journeys.models import Participant, Touch
from homeground.segments.models import Segment
from tests.journeys import world
from tests.journeys.world import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm")]


def test_everyone_is_in_exactly_one_arm_and_the_treated_have_one_touch(monkeypatch):
    world.make_global_holdout(2000)
    customers = [world.make_customer() for _ in range(300)]

    campaign = world.frozen(monkeypatch, customers, holdout_bp=3000)

    ledger = queries.ledger(campaign.pk)
    assert ledger.eligible == campaign.audience_size == 300
    assert ledger.of("global_holdout") + ledger.of("holdout") + ledger.treated == 300
    assert set(Touch.objects.values_list("customer_id", flat=True)) == set(
        Participant.objects.filter(arm="treated").values_list("customer_id", flat=True)
    )


def test_arms_can_be_recomputed_by_anyone(monkeypatch):
    world.make_global_holdout(2000, salt="g")
    campaign = world.frozen(monkeypatch, [world.make_customer() for _ in range(100)], holdout_bp=3000)

    for customer, arm in Participant.objects.values_list("customer_id", "arm"):
        everywhere = bucket("g", str(customer)) < 2000
        here = bucket(f"campaign:{campaign.pk}", str(customer)) < 3000
        assert arm == ("global_holdout" if everywhere else "holdout" if here else "treated")


def test_a_service_message_pays_for_no_global_holdout(monkeypatch):
    world.make_global_holdout(5000)
    message = world.make_message(is_promotion=False)

    campaign = world.frozen(monkeypatch, [world.make_customer() for _ in range(50)], message=message)

    assert queries.ledger(campaign.pk).of("global_holdout") == 0


def test_the_global_holdout_is_the_same_people_in_every_campaign(monkeypatch):
    world.make_global_holdout(3000)
    customers = [world.make_customer() for _ in range(60)]

    held = [
        set(
            Participant.objects.filter(campaign=world.frozen(monkeypatch, customers), arm="global_holdout").values_list(
                "customer_id", flat=True
            )
        )
        for _ in range(2)
    ]

    assert held[0] == held[1] != set()


def test_a_merged_customer_enters_as_the_survivor_once(monkeypatch):
    survivor = world.make_customer()
    absorbed = world.make_customer(merged_into=survivor)

    world.frozen(monkeypatch, [survivor, absorbed])

    assert list(Participant.objects.values_list("customer_id", flat=True)) == [survivor.pk]


def test_ids_that_are_no_customers_are_left_out(monkeypatch):
    customer = world.make_customer()

    campaign = world.frozen(monkeypatch, [customer, 10**12])

    assert campaign.audience_size == 1


def test_the_text_is_kept_as_it_was(monkeypatch):
    message = world.make_message(body="第一版")
    campaign = world.frozen(monkeypatch, [world.make_customer()], message=message)

    message.body = "第二版"
    message.save()

    campaign.refresh_from_db()
    assert campaign.body == "第一版"


def test_a_second_freeze_is_refused_and_changes_nothing(monkeypatch):
    campaign = world.frozen(monkeypatch, [world.make_customer()])
    world.audience(monkeypatch, [world.make_customer(), world.make_customer()])

    with pytest.raises(WrongState):
        services.freeze_campaign(campaign.pk, at=NOON)

    assert Participant.objects.count() == Touch.objects.count() == 1


def test_nobody_to_write_to_is_refused(monkeypatch):
    world.audience(monkeypatch, [])
    draft = world.make_draft()

    with pytest.raises(CannotFreeze):
        services.freeze_campaign(draft.pk, at=NOON)

    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_channel_that_is_off_or_of_another_kind_is_refused(monkeypatch):
    world.audience(monkeypatch, [world.make_customer()])
    mail = world.make_message(channel_kind="email")
    with pytest.raises(CannotFreeze):
        services.freeze_campaign(world.make_draft(message=mail).pk, at=NOON)

    Channel.objects.update(is_enabled=False)
    with pytest.raises(CannotFreeze):
        services.freeze_campaign(world.make_draft().pk, at=NOON)


def test_touches_are_due_when_scheduled(monkeypatch):
    later = NOON + timedelta(hours=2)

    world.frozen(monkeypatch, [world.make_customer()], scheduled_at=later)

    assert Touch.objects.get().due_at == later


def test_weak_ties_go_through_the_weak_channel(monkeypatch):
    world.make_channel("oa")
    weak = [world.make_customer(relation=relation) for relation in ("none", "one_way")]
    strong = [world.make_customer(relation=relation) for relation in ("two_way", "many_way")]

    world.frozen(monkeypatch, weak + strong, weak_channel="oa")

    through = dict(Touch.objects.values_list("customer_id", "channel"))
    assert {through[one.pk] for one in weak} == {"oa"}
    assert {through[one.pk] for one in strong} == {"phone"}


def test_those_without_the_need_are_left_in_peace(monkeypatch):
    needs, not_needs = world.make_customer(), world.make_customer()
    world.audience(monkeypatch, [needs, not_needs], needing=[needs])
    need = Segment.objects.create(slug="need-1", name="有需求", is_dynamic=False)

    services.freeze_campaign(world.make_draft(need=need).pk, at=NOON)

    assert dict(Touch.objects.values_list("customer_id", "reason")) == {needs.pk: "", not_needs.pk: "no_need"}


def test_a_sample_text_with_blanks_is_refused_and_stays_a_draft(monkeypatch):
    world.audience(monkeypatch, [world.make_customer()])
    draft = world.make_draft(message=world.make_message(body="新品到了，只要____元。"))

    with pytest.raises(BadText):
        services.freeze_campaign(draft.pk, at=NOON)

    draft.refresh_from_db()
    assert draft.state == "draft"
