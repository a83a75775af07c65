import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeground.journeys.holdout import bucket, buckets, fnv1a32

# Published vectors: GrowthBook, packages/sdk-js/test/cases.json "hash" (spec 0.5.4), those of version 2.
GROWTHBOOK_V2 = [
    ("seed", "a", 0.0505),
    ("seed", "b", 0.2696),
    ("foo", "ab", 0.2575),
    ("foo", "def", 0.2019),
    ("89123klj", "8952klfjas09ujkasdf", 0.124),
    ("90850943850283058242805", "123", 0.7516),
    ("()**(%$##$%#$#", '___)((*":&', 0.0128),
]
# packages/sdk-js/test/cases/fnv.json: the hash itself, modulo 1000.
GROWTHBOOK_FNV = [("a", 220), ("b", 77), ("ab", 946), ("def", 652), ("8952klfjas09ujkasdf", 549), ("123", 11)]


@pytest.mark.parametrize(("seed", "value", "hashed"), GROWTHBOOK_V2)
def test_the_bucket_is_growthbooks(seed, value, hashed):
    assert bucket(seed, value) / 10_000 == hashed


@pytest.mark.parametrize(("text", "hashed"), GROWTHBOOK_FNV)
def test_the_hash_is_growthbooks(text, hashed):
    assert fnv1a32(text) % 1000 == hashed


@given(st.text(max_size=20), st.lists(st.integers(1, 2**63 - 1), max_size=50))
def test_many_at_once_are_the_same_as_one_by_one(seed, ids):
    assert buckets(seed, np.array(ids, np.int64)).tolist() == [bucket(seed, str(one)) for one in ids]


def test_a_tenth_of_the_buckets_holds_a_tenth_of_the_customers():
    drawn = buckets("campaign:1", np.arange(1, 100_001))
    assert 0.09 < (drawn < 1000).mean() < 0.11


def test_the_draws_of_two_seeds_do_not_agree_more_than_chance():
    ids = np.arange(1, 100_001)
    both = ((buckets("global-1", ids) < 1000) & (buckets("campaign:1", ids) < 1000)).mean()
    assert 0.008 < both < 0.012
