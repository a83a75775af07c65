from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from homeground.commerce.services import import_orders
from homeground.events.models import StreamEvent
from homeground.people.models import Consent, Customer, CustomerTag, Merge, MergeDoubt
from homeground.people.services import (
    AttributeGiven,
    ConsentDecision,
    Sighting,
    decide_consent,
    find_customers,
    merge,
    set_attributes,
    tag,
)
from tests.browser import overflow, settle, violations

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def make_customer(phone: str = "13800000001", name: str = "王小明") -> int:
    found = find_customers([Sighting([("phone", phone)], AT, "crm")])[0]
    assert found
    set_attributes([AttributeGiven(found, "name", name, "crm", AT), AttributeGiven(found, "city", "上海", "crm", AT)])
    return found


def buy(phone: str = "13800000001", number: str = "A-1") -> None:
    row = {"order_no": number, "line_no": 1, "sku": "cup", "product_name": "马克杯", "quantity": 2,
           "unit_price": Decimal("9.90"), "at": AT, "phone": phone}  # fmt: skip
    import_orders(pl.DataFrame([row]), source="shop", currency="CNY")


def client_with(*permissions: str) -> Client:
    user = User.objects.create_user("colleague", password="of-the-house-1")
    for permission in permissions:
        room, _, codename = permission.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=room, codename=codename))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def boss(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
class TestTheList:
    def test_shows_who_masked_with_what_they_bought(self, boss):
        make_customer()
        buy()

        html = page(boss, "console:customers")

        assert "王**" in html
        assert "138****0001" in html
        assert "13800000001" not in html
        assert "王小明" not in html
        assert "¥19.80" in html

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ({"text": "1380000"}, True),
            ({"text": "小明"}, True),
            ({"text": "139"}, False),
            ({"relation": "none"}, True),
            ({"relation": "two_way"}, False),
            ({"tag": "老客"}, True),
            ({"source": "crm"}, True),
            ({"consent": "promotion:granted"}, True),
            ({"consent": "promotion:refused"}, False),
            ({"since": "2026-03-01", "until": "2026-03-01"}, True),
            ({"since": "2026-03-02"}, False),
            ({"until": "2026-02-28"}, False),
        ],
    )
    def test_each_filter_narrows(self, boss, query, is_found):
        customer = make_customer()
        tag([customer], "老客", "manual", "boss")
        decide_consent([ConsentDecision(customer, "promotion", "sms", True, {"p": 1}, "h5", AT)])
        buy()

        assert ("王**" in page(boss, "console:customers", **query)) is is_found

    @pytest.mark.parametrize("query", [{"relation": "x"}, {"since": "x"}, {"after": "x"}, {"text": "\x00"}])
    def test_nonsense_in_the_address_is_harmless(self, boss, query):
        make_customer()

        page(boss, "console:customers", **query)

    def test_pages_follow_each_other_without_gap_or_repeat(self, boss):
        for number in range(45):
            make_customer(f"138000000{number:02}")
        seen: list[str] = []
        url = reverse("console:customers")
        while url:
            shown = boss.get(url).context["page"]
            seen += [row.pk for row in shown.rows]
            url = reverse("console:customers") + shown.next if shown.next else ""

        assert seen == sorted(seen, reverse=True)
        assert len(set(seen)) == 45

    def test_ticked_customers_are_tagged_and_undoing_spares_those_who_had_it(self, boss):
        one, other = make_customer(), make_customer("13800000002")
        tag([one], "老客", "manual", "boss")

        boss.post(reverse("console:customers_tag"), {"customer": [one, other], "name": "老客"})
        assert CustomerTag.objects.count() == 2

        boss.post(f"{reverse('console:customers_untag')}?name=老客&ids={other}")
        assert list(CustomerTag.objects.values_list("customer_id", flat=True)) == [one]

    def test_an_empty_house_says_how_to_begin(self, boss):
        assert "还没有客户" in page(boss, "console:customers")


@pytest.mark.django_db
class TestOneCustomer:
    @pytest.mark.parametrize("tab", ["", "orders", "timeline", "touches", "consent", "identities", "nonsense"])
    def test_every_tab_opens(self, boss, tab):
        customer = make_customer()
        buy()

        html = page(boss, "console:customer", customer, tab=tab)

        assert "138****0001" in html
        assert "13800000001" not in html

    def test_an_absorbed_one_leads_to_the_survivor(self, boss):
        one, other = make_customer(), make_customer("13800000002")
        merge(one, other, {})

        answer = boss.get(reverse("console:customer", args=[other]))

        assert answer.headers["Location"] == reverse("console:customer", args=[one])

    def test_orders_of_the_whole_person_are_shown(self, boss):
        one, other = make_customer(), make_customer("13800000002")
        buy("13800000002")
        merge(one, other, {})

        html = page(boss, "console:customer", one)

        assert "马克杯" in html
        assert "¥19.80" in html

    def test_unmasking_shows_all_once_and_is_recorded(self, boss):
        customer = make_customer()

        answer = boss.post(reverse("console:customer_unmask", args=[customer]))

        assert "13800000001" in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        fact = StreamEvent.objects.get(name="people.customer_unmasked")
        assert (fact.customer_id, fact.properties) == (customer, {"by": "boss"})
        assert "13800000001" not in page(boss, "console:customer", customer)

    def test_a_tag_goes_on_and_off_and_on_again(self, boss):
        customer = make_customer()
        boss.post(reverse("console:customer_tag", args=[customer]), {"name": "老客", "expires_on": "2099-01-31"})
        put = CustomerTag.objects.get()
        assert (put.source, put.expires_at) == ("boss", datetime(2099, 1, 31, 16, tzinfo=UTC))

        boss.post(reverse("console:customer_untag", args=[customer]) + "?name=老客")
        assert not CustomerTag.objects.exists()

        boss.post(reverse("console:customer_retag", args=[customer]) + "?name=老客")
        assert CustomerTag.objects.count() == 1

    def test_a_withdrawal_is_recorded_with_who_and_how(self, boss):
        customer = make_customer()
        said = {"purpose": "promotion", "channel": "*", "proof": "来电要求不再打扰"}

        boss.post(reverse("console:customer_withdraw", args=[customer]), said)

        row = Consent.objects.get()
        assert (row.is_granted, row.channel) == (False, "*")
        assert row.proof == {"said": "来电要求不再打扰", "recorded_by": "boss"}
        assert "来电要求不再打扰" in page(boss, "console:customer", customer, tab="consent")

    def test_a_withdrawal_without_proof_changes_nothing(self, boss):
        customer = make_customer()

        boss.post(reverse("console:customer_withdraw", args=[customer]), {"purpose": "promotion", "channel": "*"})

        assert not Consent.objects.exists()

    def test_a_merge_is_undone_from_the_page(self, boss):
        one, other = make_customer(), make_customer("13800000002")
        row = merge(one, other, {"identities": [["phone", "13800000002"]]})
        assert "138****0002" in page(boss, "console:customer", one, tab="identities")

        boss.post(reverse("console:customer_unmerge", args=[row.pk]))
        boss.post(reverse("console:customer_unmerge", args=[row.pk]))

        assert Merge.objects.get().undone_by == "boss"
        assert Customer.objects.filter(merged_into=None).count() == 2

    @pytest.mark.parametrize(("decision", "customers"), [("merged", 1), ("kept_apart", 2)])
    def test_a_doubt_is_decided(self, boss, decision, customers):
        find_customers([Sighting([("phone", f"1380000000{n}"), ("device", "d")], AT, "t") for n in (1, 2)])
        doubt = MergeDoubt.objects.get()
        assert "138****0002" in page(boss, "console:customer_doubts")

        boss.post(reverse("console:customer_decide", args=[doubt.pk]), {"decision": decision})

        assert Customer.objects.filter(merged_into=None).count() == customers
        assert "没有要判断的客户" in page(boss, "console:customer_doubts")


ACTIONS = [
    "customers_tag", "customers_untag", "customer_unmask", "customer_tag", "customer_untag", "customer_retag",
    "customer_withdraw", "customer_unmerge", "customer_decide",
]  # fmt: skip


def address(name: str) -> str:
    return reverse(f"console:{name}", args=[] if name.startswith("customers") or name == "customer_doubts" else [1])


@pytest.mark.django_db
class TestAStranger:
    @pytest.mark.parametrize("name", ["customers", "customer", "customer_doubts"])
    def test_may_not_look(self, name):
        assert client_with().get(address(name)).status_code == 403
        assert Client().get(address(name)).status_code == 302

    @pytest.mark.parametrize("name", ACTIONS)
    def test_may_not_act(self, name):
        assert client_with("people.view_customer").post(address(name)).status_code == 403

    @pytest.mark.parametrize("name", ACTIONS)
    def test_nothing_changes_by_a_link(self, boss, name):
        assert boss.get(address(name)).status_code == 405

    def test_sees_only_the_tabs_and_buttons_that_are_theirs(self):
        customer = make_customer()
        buy()

        html = page(client_with("people.view_customer"), "console:customer", customer, tab="orders")

        assert "马克杯" not in html
        assert reverse("console:customer_unmask", args=[customer]) not in html


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_tab_is_accessible_and_fits_and_is_quiet(open_page, owner, language, theme):
    customer = make_customer()
    buy()
    tag([customer], "老客", "manual", "boss", AT + timedelta(days=40_000))
    find_customers([Sighting([("phone", f"1380000000{n}"), ("device", "d")], AT, "t") for n in (1, 2)])
    decide_consent([ConsentDecision(customer, "promotion", "sms", True, {"page": "join"}, "h5", AT)])
    shown = open_page(owner, language, theme)
    urls = [reverse("console:customer", args=[customer]) + f"?tab={tab}" for tab in ("orders", "timeline", "touches")]
    urls += [reverse("console:customer", args=[customer]) + f"?tab={tab}" for tab in ("consent", "identities")]
    for url in [*urls, reverse("console:customers"), reverse("console:customer_doubts")]:
        shown.goto(url)
        settle(shown)

        assert violations(shown) == [], url
        assert overflow(shown) <= 0, url
        shown.guard.assert_quiet()
