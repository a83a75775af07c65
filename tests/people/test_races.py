from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.db import connection

from homeground.people.models import Customer, Identity, Merge
from homeground.people.services import Sighting, find_customers

AT = datetime(2026, 3, 1, tzinfo=UTC)


def see(batch: list[list[tuple[str, str]]]) -> list[int | None]:
    try:
        return find_customers([Sighting(said, AT, "t") for said in batch])
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_threads_racing_on_the_same_identities_make_one_customer_each():
    batch = [[("phone", f"138000000{n:02}"), ("device", f"d{n}")] for n in range(30)]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(see, [batch, batch[::-1]] * 8))

    assert Customer.objects.count() == 30
    assert Identity.objects.count() == 60
    assert {tuple(sorted(map(int, answer))) for answer in answers} == {tuple(sorted(map(int, answers[0])))}


@pytest.mark.django_db(transaction=True)
def test_threads_racing_to_join_leave_one_survivor_and_each_absorbed_once():
    devices = [("device", f"d{n}") for n in range(8)]
    see([[device] for device in devices])
    chains = [[[one, other]] for one, other in pairwise(devices)]

    with ThreadPoolExecutor(7) as threads:
        list(threads.map(see, chains))

    assert Customer.objects.filter(merged_into=None).count() == 1
    assert Merge.objects.count() == 7
