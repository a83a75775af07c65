import csv
import io

import pytest

from homeground.people.models import Customer
from homeground.people.services import merge
from homeground.segments.errors import ListRefused, SlugTaken
from homeground.segments.models import Export, Segment
from homeground.segments.services import create_list, create_list_from_rule, export_lines, members, record_export
from homeground.segments.services.exporting import safe
from tests.segments.people import AT, TAGGED, in_step, make_customers

pytestmark = pytest.mark.django_db


def test_a_file_of_phones_becomes_a_list_and_says_what_it_left_out():
    ids = make_customers(3)
    lines = [
        "\ufeffName,Phone\n",
        "张,138 0000 0000\n",
        "王,+8613800000002\n",
        "李,13900000000\n",
        "错,abc\n",
        "\n",
        "短\n",
    ]

    listed = create_list(slug="file", name="file", lines=lines, at=AT)

    assert members(listed.segment) == [ids[0], ids[2]]
    assert (listed.rows, listed.malformed, listed.unknown) == (5, 2, 1)
    assert listed.segment.customers == 2


def test_a_file_may_name_the_kind_of_each_identity():
    ids = make_customers(2)

    listed = create_list(slug="file", name="file", lines=["kind,value", "phone,13800000001", "shoe,44"], at=AT)

    assert members(listed.segment) == [ids[1]]
    assert listed.malformed == 1


def test_someone_named_twice_or_merged_is_on_the_list_once():
    ids = make_customers(2)
    merge(ids[0], ids[1], {"by": "test"})
    in_step()

    listed = create_list(slug="file", name="file", lines=["phone", "13800000000", "13800000001", "13800000000"], at=AT)

    assert members(listed.segment) == [ids[0]]
    assert listed.segment.customers == 1


def test_a_file_without_a_known_column_leaves_nothing():
    for lines in ([], ["name\n", "张\n"]):
        with pytest.raises(ListRefused):
            create_list(slug="file", name="file", lines=lines, at=AT)
    assert not Segment.objects.exists()


def test_a_slug_that_is_taken_leaves_the_other_list_as_it_was():
    ids = make_customers(1)
    first = create_list(slug="file", name="file", lines=["phone", "13800000000"], at=AT)

    with pytest.raises(SlugTaken):
        create_list(slug="file", name="file", lines=["phone"], at=AT)

    assert members(first.segment) == ids


def test_an_export_is_csv_that_runs_no_formula_and_is_recorded():
    ids = make_customers(3, tagged=[0, 2])
    Customer.objects.filter(pk=ids[0]).update(name="=HYPERLINK(1)", source='a,"b"')
    segment = create_list_from_rule(slug="now", name="now", rule=TAGGED, at=AT)

    record_export(segment, "owner")
    rows = list(csv.reader(io.StringIO("".join(export_lines(segment)))))

    assert rows[0] == ["customer_id", "name", "source", "relation", "created_at"]
    assert [row[0] for row in rows[1:]] == [str(ids[0]), str(ids[2])]
    assert rows[1][1:3] == ["'=HYPERLINK(1)", 'a,"b"']
    assert Export.objects.get().customers == 2


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\tx", "\rx", "＝1"])
def test_a_cell_that_could_be_a_formula_is_shown_as_text(cell):
    assert safe(cell) == f"'{cell}"
    assert safe("a=1") == "a=1"
