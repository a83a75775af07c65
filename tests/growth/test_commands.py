import json

import pytest

from homeground.growth import commands
from homeground.growth.errors import BadDoor
from tests.growth.world import make_door, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(monkeypatch, platform):
    monkeypatch.setattr(commands, "open_stores", lambda: None)
    return make_door(staff_ids=(make_staff("Ann").pk,))


def test_doors_are_listed_placed_and_shown(door, capsys):
    commands.place(as_json=True)
    assert json.loads(capsys.readouterr().out) == {"tried": 1, "troubled": 0}

    commands.list_doors(as_json=True)
    assert json.loads(capsys.readouterr().out)["doors"][0]["sync"] == "placed"

    commands.show(door.pk, as_json=False)
    assert "收银台 (placed)" in capsys.readouterr().out


def test_a_door_that_is_not_there_is_refused(door):
    with pytest.raises(BadDoor):
        commands.show(door.pk + 1)
