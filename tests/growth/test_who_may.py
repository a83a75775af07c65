"""Every address of the room's console, asked by those who may not."""

import pytest

from tests.strangers import answers, onlooker, salesperson

pytestmark = pytest.mark.django_db


def test_no_page_is_open_to_a_stranger_or_a_salesperson(client):
    assert set(answers(client, "growth").values()) == {(302, 302)}
    client.force_login(salesperson())

    assert set(answers(client, "growth").values()) == {(403, 403)}


def test_who_may_only_look_changes_nothing(client):
    client.force_login(onlooker())

    posted = {name for name, (_got, post) in answers(client, "growth").items() if post not in (403, 405)}

    assert posted == set()
