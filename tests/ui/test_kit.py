"""The parts that every page is made of."""

import re
from pathlib import Path

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from homeground.people.models import Customer
from homeground.ui import charts
from homeground.ui.forms import DateInput, PickMany
from homeground.ui.masking import mask
from homeground.ui.paging import page_of, size_of

UI = Path(charts.__file__).parent


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("13800001234", "phone", "138****1234"),
        ("wang@shop.cn", "email", "w***@shop.cn"),
        ("王小明", "name", "王**"),
        ("王", "name", "王"),
        ("", "name", ""),
        ("12345", "member_no", "12****45"),
        ("1234", "member_no", "1***"),
    ],
)
def test_personal_data_is_masked(value, kind, shown):
    assert mask(value, kind) == shown


NAMED_ICON = re.compile(r"""{% icon ["']([\w-]+)["']|\bicon=["']([\w-]+)["']|draw_icon\(["']([\w-]+)""")


def test_every_icon_that_a_page_names_is_in_the_sprite():
    known = set((UI / "assets" / "icons.txt").read_text().split())
    sources = [path.read_text() for suffix in ("html", "py") for path in UI.parent.rglob(f"*.{suffix}")]
    named = {name for source in sources for names in NAMED_ICON.findall(source) for name in names if name}

    assert named <= known


def test_text_in_tags_is_escaped():
    assert "<script>" not in render("{% tag text %}{% dot text %}{% copy text %}", text="<script>")


def test_what_is_not_known_is_a_dash_and_not_zero():
    assert render("{{ a|money:'CNY' }}{{ a|count }}{{ a|percent }}{% moment a %}{{ a|day }}", a=None) == "—————"


def test_no_chance_is_shown_as_certain():
    shown = [render("{{ a|chance|safe }}", a=share) for share in (0.99999, 0.999, 0.5, 0.0004, None)]

    assert shown == ["> 99.9%", "99.9%", "50.0%", "< 0.1%", "—"]


def test_a_blank_state_holds_its_words_and_buttons_apart():
    shown = render('{% blank title="T" %}<p>why</p>{% actions %}<a>go</a>{% endblank %}')

    assert '<p>why</p><div class="empty-actions"><a>go</a></div>' in shown


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="help", widget=forms.TextInput({"class": "own"}))
    day = forms.DateField(label="Day", widget=DateInput)
    many = forms.MultipleChoiceField(label="Many", choices=[("a", "A")], widget=PickMany, required=False)
    agree = forms.BooleanField(label="Agree")


def test_a_form_is_drawn_with_classes_marks_help_and_errors():
    shown = str(Form({"day": "2026-11-21"}))

    assert 'class="own form-control"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_error"' in shown
    assert 'type="date"' in shown
    assert 'value="2026-11-21"' in shown
    assert 'class="form-check-input"' in shown
    assert "data-pick" in shown


def test_a_chart_carries_its_numbers_as_a_table():
    shown = render("{% chart c %}", c=charts.lines("Orders", ["Mon", "Tue"], {"A": [1, None]}))

    assert '<th scope="row">Mon</th><td class="num">1</td>' in shown
    assert "application/json" in shown


@pytest.mark.django_db
def test_pages_by_keyset_show_every_row_once_there_and_back():
    moment = "2026-01-01T00:00:00Z"
    Customer.objects.bulk_create(Customer(name=f"c{i}", created_at=moment) for i in range(45))
    rows, by = Customer.objects.all(), ("-created_at", "-pk")
    first = page_of(rows, QueryDict("q=1"), by=by)
    second = page_of(rows, QueryDict(first.next[1:]), by=by)
    third = page_of(rows, QueryDict(second.next[1:]), by=by)
    back = page_of(rows, QueryDict(third.previous[1:]), by=by)

    assert [row.pk for page in (first, second, third) for row in page] == list(
        rows.order_by("-pk").values_list("pk", flat=True)
    )
    assert [row.pk for row in back] == [row.pk for row in second]
    assert not first.previous
    assert not third.next
    assert "q=1" in first.next
    assert first.count == 45


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["x", "e30=", "W251bGwsIDFd", "WyJ4IiwgInkiXQ=="])
def test_a_made_up_place_shows_a_page_and_no_error(after):
    Customer.objects.create(name="c")

    assert len(page_of(Customer.objects.all(), QueryDict(f"after={after}"), by=("-created_at", "-pk"))) == 1


@pytest.mark.django_db
def test_short_lists_are_counted_exactly():
    Customer.objects.bulk_create(Customer(name="c") for _ in range(7))

    assert size_of(Customer.objects.filter(name="c")) == (7, False)
