from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from homeground.events.models import StreamEvent
from homeground.people.errors import ConsentWithoutProof, EmptyTag, UnknownCurrency, UnknownPurpose, UnknownTimeZone
from homeground.people.models import Attribute, AttributeValue, Consent, Customer, CustomerTag, RelationMove, Stale
from homeground.people.queries import CustomerFilter, addresses, brand, first_matches, matching
from homeground.people.services import (
    AttributeGiven,
    ConsentDecision,
    Sighting,
    decide_consent,
    find_customers,
    merge,
    record_evidence,
    set_attributes,
    set_brand,
    sweep_tags,
    tag,
    untag,
    upsert_customers,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def make_customer(*identities: tuple[str, str]) -> int:
    found = find_customers([Sighting(identities or [("device", "d1")], AT, "shop")])[0]
    assert found
    Stale.objects.all().delete()
    return found


def said(customer: int, key: str, value: object, at: datetime = AT) -> AttributeGiven:
    return AttributeGiven(customer, key, value, "crm", at)


def values(customer: int) -> dict[str, str]:
    return dict(AttributeValue.objects.filter(customer=customer).values_list("attribute__key", "value"))


def test_the_newest_value_wins_whenever_it_arrives():
    customer = make_customer()

    set_attributes([said(customer, "city", "上海", AT + DAY)])
    changed = set_attributes([said(customer, "city", "北京")])

    assert changed == 0
    assert values(customer) == {"city": "上海"}
    assert list(Stale.objects.values_list("customer_id", flat=True)) == [customer]


def test_a_repeat_changes_nothing():
    customer = make_customer()
    set_attributes([said(customer, "city", "上海")])
    Stale.objects.all().delete()

    assert set_attributes([said(customer, "city", "上海"), said(customer, "city", "上海", AT + DAY)]) == 0
    assert not Stale.objects.exists()


def test_kinds_are_guessed_once_and_misfits_left_out():
    customer = make_customer()

    set_attributes([said(customer, "age", 31), said(customer, "vip", True), said(customer, "birthday", "1990-02-03")])
    set_attributes(
        [said(customer, "age", "thirty", AT + DAY), said(customer, "pet", None), said(customer, "z", {"a": 1})]
    )

    assert values(customer) == {"age": "31", "vip": "true", "birthday": "1990-02-03", "z": '{"a": 1}'}
    kinds = dict(Attribute.objects.values_list("key", "kind"))
    assert (kinds["age"], kinds["vip"], kinds["birthday"], kinds["z"]) == ("number", "flag", "date", "text")


def test_personal_attributes_are_flagged():
    customer = make_customer()

    set_attributes([said(customer, "name", "王小明"), said(customer, "gender", "女")])

    assert set(Attribute.objects.filter(is_personal=True).values_list("key", flat=True)) == {"name"}
    assert Customer.objects.get().name == "王小明"


def test_a_tag_is_put_on_once_and_swept_when_its_time_is_over():
    customer = make_customer()

    assert tag([customer], "高价值", "manual", "boss", AT + DAY) == 1
    assert tag([customer], "高价值", "manual", "boss", AT + DAY) == 0
    assert sweep_tags(AT) == 0
    assert sweep_tags(AT + DAY) == 1
    assert not CustomerTag.objects.exists()


def test_taking_a_tag_off_takes_it_off_the_person():
    a, b = make_customer(), make_customer(("device", "d2"))
    tag([b], "新客", "rule", "welcome")
    merge(a, b, {})

    assert untag([a], "新客") == 1


def test_a_tag_needs_a_name():
    with pytest.raises(EmptyTag):
        tag([make_customer()], "  ", "manual", "boss")


def decision(customer: int, is_granted: bool, at: datetime = AT, channel: str = "sms") -> ConsentDecision:
    return ConsentDecision(customer, "promotion", channel, is_granted, {"page": "join"}, "h5", at)


def consents() -> list[tuple[str, bool]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT channel, is_granted FROM people_consent_now ORDER BY channel")
        return cursor.fetchall()


def test_the_newest_decision_counts_and_a_repeat_adds_none():
    customer = make_customer()

    assert decide_consent([decision(customer, True), decision(customer, False, AT + DAY)]) == 2
    assert decide_consent([decision(customer, True)]) == 0

    assert consents() == [("sms", False)]
    names = StreamEvent.objects.order_by("happened_at").values_list("name", flat=True)
    assert list(names) == ["people.consent_given", "people.consent_withdrawn"]


def test_a_refusal_of_all_channels_ends_older_grants():
    customer = make_customer()

    decide_consent([decision(customer, True), decision(customer, False, AT + DAY, "*")])
    assert consents() == [("*", False)]

    decide_consent([decision(customer, True, AT + 2 * DAY)])
    assert consents() == [("*", False), ("sms", True)]


def test_consent_of_one_person_is_one_through_a_merge():
    a, b = make_customer(), make_customer(("device", "d2"))
    decide_consent([decision(a, True), decision(b, False, AT + DAY)])

    merge(a, b, {})

    assert consents() == [("sms", False)]


def test_a_grant_without_proof_is_refused_and_nothing_written():
    customer = make_customer()
    good = decision(customer, True)

    with pytest.raises(ConsentWithoutProof):
        decide_consent([good, ConsentDecision(customer, "service", "sms", True, {}, "h5", AT)])
    with pytest.raises(UnknownPurpose):
        decide_consent([ConsentDecision(customer, "fun", "sms", False, {}, "h5", AT)])

    assert not Consent.objects.exists()


def test_evidence_moves_the_stage_up_with_its_reason_and_date():
    customer = make_customer()

    record_evidence([(customer, "followed", AT)])
    record_evidence([(customer, "commerce.order_paid", AT + DAY), (customer, "page_viewed", AT)])
    record_evidence([(customer, "commerce.order_paid", AT + 2 * DAY)])

    assert Customer.objects.get().relation == "two_way"
    moves = RelationMove.objects.order_by("pk").values_list("before", "after", "reasons", "moved_at")
    assert list(moves) == [
        ("none", "one_way", ["followed"], AT),
        ("one_way", "two_way", ["commerce.order_paid"], AT + DAY),
    ]
    assert StreamEvent.objects.filter(name="people.relation_moved").count() == 2


def test_bringing_others_is_a_many_way_relation():
    customer = make_customer()

    record_evidence([(customer, "growth.referral_completed", AT)])

    assert Customer.objects.get().relation == "many_way"


FILE = pl.DataFrame(
    {
        "phone": ["13800000001", "13800000002", None],
        "name": ["王小明", "李雷", "无名"],
        "city": ["上海", None, "北京"],
        "tags": ["高价值;老客", "", None],
        "consent:promotion:sms": [True, False, True],
        "proof_line": [2, 3, 4],
    }
)


def test_a_file_of_customers_comes_in_once():
    first = upsert_customers(FILE, source="crm", at=AT, proof={"file": "a.csv"})
    again = upsert_customers(FILE, source="crm", at=AT + DAY, proof={"file": "a.csv"})

    assert (first.rows, first.new, first.updated, first.without_identity) == (3, 2, 0, 1)
    assert (again.new, again.updated) == (0, 0)
    assert Consent.objects.count() == 2
    assert Consent.objects.get(is_granted=True).proof == {"file": "a.csv", "line": 2}
    assert CustomerTag.objects.count() == 2


def test_an_old_file_does_not_undo_an_opt_out():
    customer = min(upsert_customers(FILE, source="crm", at=AT, proof={"file": "a.csv"}).customer_ids)
    decide_consent([decision(customer, False, AT + DAY)])

    upsert_customers(FILE, source="crm", at=AT + 2 * DAY, proof={"file": "a.csv"})

    assert ("sms", True) not in consents()


def test_a_changed_row_updates_its_customer():
    upsert_customers(FILE, source="crm", at=AT)

    changed = upsert_customers(FILE.with_columns(city=pl.lit("广州")), source="crm", at=AT + DAY)

    assert (changed.new, changed.updated) == (0, 2)


@pytest.mark.parametrize("text", ["1380000", "13800000001", "小明", "王", "王小", "Wang@", "wang@s"])
def test_search_finds_by_prefix_and_by_any_part_of_a_name(text):
    customer = make_customer(("phone", "13800000001"), ("email", "wang@shop.cn"))
    set_attributes([said(customer, "name", "王小明")])
    make_customer(("phone", "13900000002"))

    assert [found.pk for found in first_matches(text)] == [customer]


@pytest.mark.parametrize("text", ["%", "_", "明小", "\\", "'; --", "800000001"])
def test_search_finds_nobody_for_what_nobody_has(text):
    customer = make_customer(("phone", "13800000001"))
    set_attributes([said(customer, "name", "王小明")])

    assert first_matches(text) == []


def test_filters_narrow_to_persons():
    a, b = make_customer(), make_customer(("device", "d2"))
    tag([b], "新客", "rule", "welcome")
    decide_consent([decision(b, True)])
    merge(a, b, {})

    for chosen in (
        CustomerFilter(tag="新客"),
        CustomerFilter(consent="promotion:granted"),
        CustomerFilter(source="shop"),
    ):
        assert [found.pk for found in matching(chosen)] == [a]
    assert not matching(CustomerFilter(tag="老客")).exists()


def test_an_address_is_the_first_kind_of_the_whole_person():
    a, b = make_customer(("device", "d1")), make_customer(("phone", "13800000001"), ("email", "a@b.cn"))
    merge(a, b, {})

    assert addresses([a], ["wecom_external", "email", "phone"]) == {a: ("email", "a@b.cn")}


def test_the_brand_is_one_row_with_a_real_zone_and_currency():
    set_brand(name="主场", time_zone="Europe/London", currency="GBP")

    assert (brand().pk, brand().time_zone) == (1, "Europe/London")
    with pytest.raises(UnknownTimeZone):
        set_brand(name="主场", time_zone="Mars", currency="GBP")
    with pytest.raises(UnknownCurrency):
        set_brand(name="主场", time_zone="Asia/Shanghai", currency="元")


def test_the_tables_refuse_what_must_not_be():
    customer = make_customer(("phone", "13800000001"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer).update(merged_into=customer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.get().identities.create(kind="phone", value="13800000001")
