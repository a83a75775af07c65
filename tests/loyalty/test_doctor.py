import pytest
from django.db import connection

from homeground.config import doctor
from tests.loyalty.world import earn, make_customer

pytestmark = pytest.mark.django_db


def test_the_doctor_finds_a_balance_that_is_not_the_sum_of_its_entries():
    earn(one := make_customer(), 10)
    assert [check.state for check in doctor._points()] == ["ok"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE loyalty_pointsaccount SET balance = 11")

    (check,) = doctor._points()

    assert check.state == "fail"
    assert f"account {one} keeps 11, its entries say 10" in check.found
