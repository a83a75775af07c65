import pytest

from tests.journeys import world


@pytest.fixture
def calm(db):
    """No policy but what the test gives, and one channel."""
    world.no_policy()
    world.make_channel()
