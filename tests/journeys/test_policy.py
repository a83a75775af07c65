from datetime import timedelta

import pytest

from homeground.journeys import queries, services
from homeground.journeys.errors import BadPolicy
from homeground.journeys.models import FrequencyCap, GlobalHoldout
from tests.journeys import world
from tests.journeys.world import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm")]


def cap(**fields):
    return FrequencyCap(
        **{
            "relation": "none",
            "window_days": 7,
            "max_touches": 1,
            "valid_from": NOON,
            "source": "团队决定",
            "set_by": "op",
        }
        | fields
    )


def test_a_new_row_counts_from_its_day_and_the_old_one_stays_readable():
    world.make_cap(most=3)

    services.add_policy(cap(valid_from=NOON + timedelta(days=1)), at=NOON)

    most = [row.max_touches for at in (0, 1) for row in queries.policy_at(NOON + timedelta(days=at)).caps]
    assert most == [3, 1]


@pytest.mark.parametrize("fields", [{"source": " "}, {"valid_from": NOON - timedelta(hours=1)}])
def test_a_row_without_a_source_or_for_the_past_is_refused(fields):
    with pytest.raises(BadPolicy):
        services.add_policy(cap(**fields), at=NOON)

    assert not FrequencyCap.objects.exists()


def test_the_last_of_rows_of_the_same_moment_counts():
    world.make_global_holdout(500)
    world.make_global_holdout(100)

    assert queries.policy_at(NOON).holdout == GlobalHoldout.objects.get(share_bp=100)


def test_without_policy_nothing_is_limited():
    policy = queries.policy_at(NOON)

    assert (policy.holdout, policy.caps, policy.share, policy.quiet_hours("phone")) == (None, [], None, None)


def test_a_new_deployment_starts_with_a_policy_that_names_its_sources():
    services.install_defaults()
    services.install_defaults()

    policy = queries.policy_at(NOON)
    assert (policy.holdout.share_bp, len(policy.caps), policy.share.max_share_bp) == (500, 8, 8000)
    assert all(row.source for row in [policy.holdout, policy.share, *policy.caps, *policy.quiet.values()])


def test_what_an_operator_chose_is_not_overwritten_by_the_defaults():
    world.make_global_holdout(0)

    services.install_defaults()

    assert queries.policy_at(NOON).holdout.share_bp == 0


def test_a_new_deployment_restores_by_replies_and_purchases():
    services.install_defaults()

    row = queries.policy_at(NOON).restoration
    assert (row.by_reply, row.by_purchase, row.fresh_hours, bool(row.source)) == (True, True, 24, True)
