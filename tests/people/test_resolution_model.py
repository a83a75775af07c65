from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from homeground.people.models import Customer, Identity, MergeDoubt
from homeground.people.services import Sighting, find_customers
from tests.people.model import World

AT = datetime(2026, 3, 1, tzinfo=UTC)
KINDS = ["phone", "email", "unionid", "openid", "device", "anonymous"]


def identity() -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from(KINDS).flatmap(
        lambda kind: st.integers(1, 3).map(
            lambda n: (kind, {"phone": f"1380000000{n}", "email": f"e{n}@b.cn"}.get(kind, f"x{n}"))
        )
    )


sightings = st.lists(st.lists(identity(), min_size=1, max_size=3), min_size=1, max_size=12)


class ResolutionEqualsTheModel(TestCase):
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(batches=st.lists(sightings, min_size=1, max_size=3))
    def test_whatever_the_batches(self, batches):
        """Whose each identity is and whom each sighting is about: as union-find says, one by one."""
        world = World()
        for batch in batches:
            expected = [world.see(*said) for said in batch]
            answers = find_customers([Sighting(said, AT, "t") for said in batch])
            again = find_customers([Sighting(said, AT, "t") for said in batch])
            assert again == answers
            root = {pk: into or pk for pk, into in Customer.objects.values_list("pk", "merged_into_id")}
            ours = {(row.kind, row.value): root[row.customer_id] for row in Identity.objects.all()}
            theirs = {identity: world.root(person) for identity, person in world.person_of.items()}
            assert same_partition(ours, theirs)
            pairs = zip([root[answer] for answer in answers], [world.root(person) for person in expected], strict=True)
            assert is_a_function_both_ways(pairs)
            who = {world.root(world.person_of[identity]): ours[identity] for identity in ours}
            doubted = {
                frozenset((root[one], root[other])) for one, other in MergeDoubt.objects.values_list("one", "other")
            }
            assert doubted == {frozenset(who[world.root(person)] for person in pair) for pair in world.doubts}


def same_partition(ours: dict, theirs: dict) -> bool:
    return ours.keys() == theirs.keys() and is_a_function_both_ways((ours[key], theirs[key]) for key in ours)


def is_a_function_both_ways(pairs) -> bool:
    pairs = set(pairs)
    return len({one for one, _ in pairs}) == len(pairs) == len({other for _, other in pairs})
