"""People for tests of segments: made by the services of their room, and copied to the warehouse at once."""

from collections.abc import Sequence
from datetime import UTC, datetime

from homeground.people.models import Stale
from homeground.people.services import Sighting, find_customers, tag
from homeground.people.services.mirror import mirror

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TAGGED = {"tag": ["高客单"]}


def make_customers(count: int, *, tagged: Sequence[int] = ()) -> list[int]:
    """Customers with phones 13800000000 and on; those at the places in `tagged` have the tag 高客单."""
    seen = [Sighting([("phone", f"138{at:08}")], AT, "shop") for at in range(count)]
    ids = [one for one in find_customers(seen) if one]
    assert len(ids) == count
    put_tag([ids[at] for at in tagged])
    return ids


def put_tag(ids: Sequence[int], name: str = "高客单") -> None:
    """Tag them, and bring the warehouse's copy in step."""
    if ids:
        tag(ids, name, "manual", "test")
    in_step()


def in_step() -> None:
    """Bring the warehouse's copy of customers in step."""
    while mirror():
        pass
    assert not Stale.objects.exists()
