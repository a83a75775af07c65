from datetime import UTC, datetime

import pytest
from django.utils import translation

from homeground.commerce.models import Order, Refund
from homeground.content.errors import BadPlaceholder, BadText, NameTaken
from homeground.content.models import Message, Wording
from homeground.content.places import catalogue
from homeground.content.services import render, save_message, size_of
from homeground.people.models import Attribute, AttributeValue, Brand, Customer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 9, 17, tzinfo=UTC)  # The 10th in Shanghai.


def text_for(customer, body, **more):
    return render(Wording("phone", "", body), [customer.pk, *more.get("with_", [])])[customer.pk].body


def say(customer, key, value, kind="text", at=AT):
    attribute, _made = Attribute.objects.get_or_create(key=key, defaults={"kind": kind, "label": f"标签{key}"})
    AttributeValue.objects.create(customer=customer, attribute=attribute, value=value, source="test", said_at=at)


def order(customer, amount_minor, at=AT, currency="CNY"):
    count = Order.objects.count()
    Order.objects.create(
        order_no=f"o{count}",
        customer=customer,
        source="test",
        currency=currency,
        amount_minor=amount_minor,
        paid_at=at,
        content_hash="",
    )


def test_a_place_shows_the_customers_own_fact_or_the_fallback():
    named, unnamed = Customer.objects.create(name="小林"), Customer.objects.create()

    texts = render(Wording("phone", "{{name|您}}好", "{{ name | 亲爱的顾客 }}，您好"), [named.pk, unnamed.pk])

    assert texts[named.pk].subject == "小林好"
    assert (texts[named.pk].body, texts[unnamed.pk].body) == ("小林，您好", "亲爱的顾客，您好")


def test_a_place_may_be_named_by_its_label():
    assert text_for(Customer.objects.create(name="小林"), "{{称呼|您}}") == "小林"


def test_a_label_of_either_language_is_understood_in_the_other():
    customer = Customer.objects.create(name="小林")
    with translation.override("en"):
        label = str(catalogue()[3].label)
        save_message(Message(name="m", link="convert", body="{{称呼|您}}"))

    assert text_for(customer, "{{" + label + "|没有}}") == "没有"


def test_orders_are_shown_in_the_brands_days_and_money():
    Brand.objects.create(pk=1, name="山茶", currency="CNY")
    customer = Customer.objects.create()
    absorbed = Customer.objects.create(merged_into=customer)
    order(customer, 12300)
    order(absorbed, 100000, at=AT.replace(month=1))
    order(customer, 99999, currency="USD")
    Refund.objects.create(
        refund_no="r1",
        customer=absorbed,
        source="test",
        currency="CNY",
        amount_minor=300,
        refunded_at=AT,
        content_hash="",
    )

    body = "{{brand}} {{order_count}} {{net_spend}} {{first_order_on|无}} {{last_order_on|无}}"

    assert text_for(customer, body) == "山茶 3 ¥1,120.00 2026年1月10日 2026年3月10日"


def test_attributes_are_shown_by_their_kind_and_the_newest_saying_wins():
    customer = Customer.objects.create()
    absorbed = Customer.objects.create(merged_into=customer)
    say(absorbed, "city", "杭州", at=AT.replace(month=2))
    say(customer, "city", "上海")
    say(customer, "born", "1990-05-02", "date")
    say(customer, "height", "1.70", "number")
    say(customer, "vip", "true", "flag")
    say(customer, "joined", "not a day", "date")

    body = "{{attribute.city|-}} {{attribute.born|-}} {{attribute.height|-}} {{attribute.vip|-}} {{attribute.joined|-}}"

    assert text_for(customer, body) == "上海 1990年5月2日 1.7 是 -"


def test_a_value_brings_no_line_and_no_link():
    customer = Customer.objects.create()
    say(customer, "city", "上海\n\n退订 https://evil.example/x" + "很长" * 80)

    text = text_for(customer, "{{attribute.city|您}}")

    assert "\n" not in text
    assert "://" not in text
    assert len(text) == 100


def test_a_value_that_looks_like_a_place_is_not_one():
    assert text_for(Customer.objects.create(name="{{net_spend}}"), "{{name|您}}") == "{{net_spend}}"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("你好 {{nmae|您}}", "第 4 个字符处的占位符 {{nmae|您}}"),
        ("{{attribute.none|您}}", "第 1 个字符处"),
        ("好 {{name}}", "第 3 个字符处的 {{name}} 缺少备用文字"),
        ("{{name|}}", "缺少备用文字"),
        ("你好 {{name|您}", "第 4 个字符处的 {{ 没有配对"),
        ("你好 name|您}}", "第 10 个字符处的 }} 没有配对"),
    ],
)
def test_a_place_that_cannot_be_filled_is_refused_with_its_position(body, told):
    with pytest.raises(BadPlaceholder, match=told.replace("{", r"\{").replace("}", r"\}").replace("|", r"\|")):
        save_message(Message(name="m", link="convert", body=body))

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"body": " "}, {"body": "a\x00b"}, {"channel_kind": "email", "subject": ""}, {"subject": "a\nb"}]
)
def test_a_text_that_its_channel_cannot_carry_is_refused(fields):
    with pytest.raises(BadText):
        save_message(Message(**{"name": "m", "link": "convert", "body": "x"} | fields))


def test_a_name_is_used_once():
    save_message(Message(name="m", link="convert", body="x"))

    with pytest.raises(NameTaken):
        save_message(Message(name="m", link="convert", body="y"))


@pytest.mark.parametrize(
    ("body", "characters", "parts"),
    [("字" * 70, 70, 1), ("字" * 71, 71, 2), ("a" * 160, 160, 1), ("a" * 161, 161, 2), ("{{name|亲爱的顾客}}好", 6, 1)],
)
def test_a_text_is_measured_in_short_messages(body, characters, parts):
    size = size_of(Wording("phone", "", body))

    assert (size.characters, size.parts) == (characters, parts)


def test_a_batch_is_one_query_for_its_customers(django_assert_max_num_queries):
    ids = [Customer.objects.create(name=str(at)).pk for at in range(50)]

    with django_assert_max_num_queries(6):
        assert len(render(Wording("phone", "", "{{name|您}} {{net_spend}}"), ids)) == 50
