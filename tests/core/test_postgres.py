from pathlib import Path

import pytest
from pydantic import SecretStr

from homeground.core import postgres
from homeground.core.env import env
from homeground.core.errors import BusinessError


def test_a_url_becomes_the_place_django_connects_to():
    place = postgres.django_database(
        SecretStr("postgresql://me:p%40ss@db.example:6432/brand?sslmode=require"), Path("x")
    )

    assert (place["HOST"], place["PORT"], place["NAME"], place["USER"]) == ("db.example", "6432", "brand", "me")
    assert place["PASSWORD"] == "p@ss"
    assert place["OPTIONS"] == {"sslmode": "require"}


def test_a_folder_too_deep_for_a_socket_is_refused():
    with pytest.raises(BusinessError, match="too long"):
        postgres.django_database(None, Path("/" + "x" * 120))


def test_the_servers_lock_lies_in_the_data_folder_not_where_all_users_meet():
    assert Path(postgres.PostgresServer._lock.path.decode()).is_relative_to(env.folder)
