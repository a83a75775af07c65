"""The meter of the feeds against a plain reading of the same posts."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.content import queries, services
from homeground.content.errors import BadLimit, BadPlan
from homeground.content.models import FeedLimit, MomentLabel, MomentPlan
from homeground.wecom.models import Moment, MomentPost, Staff
from tests.content.world import NOW, days, draft, member, own_post, planned, published

pytestmark = pytest.mark.django_db
KINDS = ["goods", "benefit", "life", "expertise", "proof"]


def limit(**more):
    given = {
        "max_selling_bp": 4000,
        "window_days": 30,
        "min_posts": 5,
        "max_per_day": 3,
        "source": "团队",
        "set_by": "op",
    }
    return FeedLimit(**given | {"valid_from": NOW} | more)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["plan", "unpublished", "own"]),
            st.sampled_from([*KINDS, ""]),
            st.integers(-35, 1),
            st.integers(0, 1),
        ),
        max_size=8,
    )
)
def test_the_mix_is_what_a_plain_reading_counts(posts):
    MomentPlan.objects.all().delete()
    Moment.objects.all().delete()
    staff = [Staff.objects.get_or_create(userid=userid, defaults={"name": userid})[0] for userid in ("a", "b")]
    brand, feeds = Counter(), {member.pk: Counter() for member in staff}
    for what, kind, day, whose in posts:
        one, counts = staff[whose], -30 <= day < 0
        if what == "own":
            own_post(one, days(day), kind)
            shown = True
        else:
            plan = draft(kind or "life", days(day), staff)
            shown = what == "plan"
            if shown:
                published(plan, one, at=days(day))
            MomentPlan.objects.filter(pk=plan.pk).update(state="closed")
            kind = kind or "life"
        if counts and shown:
            brand[kind] += 1
            feeds[one.pk][kind] += 1

    found = queries.mixes(NOW)

    assert Counter(found[0].counts) == brand
    assert {mix.staff.pk: Counter(mix.counts) for mix in found[1:]} == {pk: c for pk, c in feeds.items() if c}
    selling = brand["goods"] + brand["benefit"]
    known = sum(brand.values()) - brand[""]
    assert found[0].is_over == (known >= 5 and selling > 0.4 * known)


def test_a_plan_that_is_coming_counts_for_each_who_has_not_yet_published():
    lin, an = member(), member("an", "安安")
    plan = planned("goods", days(1), [lin, an])
    published(plan, lin, at=days(1))

    after = queries.outlook_of(draft("life", days(2), [lin, an])).mixes

    assert [dict(mix.counts) for mix in after] == [{"goods": 1, "life": 1}] * 3


def test_the_limit_that_counts_is_the_newest_whose_day_has_come():
    assert queries.limit_at(NOW).max_selling_bp == 4000
    services.add_limit(limit(max_selling_bp=3000), at=NOW)
    services.add_limit(limit(max_selling_bp=2000, valid_from=days(2)), at=NOW)

    assert [queries.limit_at(days(day)).max_selling_bp for day in (-1, 1, 3)] == [4000, 3000, 2000]


@pytest.mark.parametrize("change", [{"source": " "}, {"valid_from": NOW - timedelta(hours=1)}])
def test_a_limit_without_a_source_or_for_the_past_is_refused(change):
    with pytest.raises(BadLimit):
        services.add_limit(limit(**change), at=NOW)

    assert not FeedLimit.objects.exists()


def test_an_own_post_is_classified_by_a_click_and_the_click_taken_back():
    lin = member()
    moment = own_post(lin)
    services.label_moment(moment.pk, "soup", by="op", at=NOW)
    services.label_moment(moment.pk, "life", by="op", at=NOW)
    assert queries.mixes(days(1))[0].counts == {"life": 1}

    services.label_moment(moment.pk, "", by="op")

    assert not MomentLabel.objects.exists()
    assert queries.mixes(days(1))[0].unclassified == 1


def test_a_planned_post_cannot_be_classified_otherwise():
    lin = member()
    plan = planned(senders=[lin])
    published(plan, lin)

    with pytest.raises(BadPlan):
        services.label_moment(MomentPlan.objects.get().moment_id, "goods", by="op")


def test_who_was_meant_is_a_share_of_what_was_planned():
    lin = member()
    planned(planned_at=days(1), senders=[lin])
    planned(planned_at=days(2), senders=[lin], audience="everyone")
    own_post(lin, days(1))

    share = queries.audience_share(days(3))

    assert (share.planned, share.to_audience, share.own, share.share) == (2, 1, 1, 0.5)


def test_each_members_part_of_a_post():
    from tests.content.world import friend

    lin, an = member(), member("an", "安安")
    ana, bo = friend(lin, "安娜"), friend(lin, "阿波")
    plan = planned(senders=[lin, an])
    post = published(plan, lin, viewers=[ana, bo], liked=[ana], commented=[ana])
    MomentPost.objects.create(moment=post.moment, staff=an)

    mine, hers = queries.staff_posts(post.moment_id)

    assert (mine.name, mine.viewers, mine.likes, mine.comments, mine.reacted, mine.share) == ("小林", 2, 1, 1, 1, 0.5)
    assert (hers.name, hers.published_at, hers.share) == ("安安", None, None)
