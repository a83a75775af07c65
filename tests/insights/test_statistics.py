"""Against published numbers, statsmodels, scipy, simulation, and what must not change the answer."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from homeground.insights.statistics import (
    adjusted,
    balance,
    benjamini_hochberg,
    detectable_effect,
    detectable_rate,
    difference,
    heterogeneity_p,
    holm,
    moments_of,
    needed_audience,
    needed_per_arm,
    pooled,
    sample_ratio,
)

samples = st.lists(st.floats(-1e4, 1e4).map(lambda x: round(x, 2)), min_size=3, max_size=40)


def columns(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    before = draw.gamma(2, 50, size=(n, 2))
    return 0.8 * before[:, 0] + 0.1 * before[:, 1] + draw.normal(0, 20, n), before


def test_the_difference_of_means_is_welchs():
    one, other = np.random.default_rng(1).normal(1, 2, 80), np.random.default_rng(2).exponential(1, 50)

    ours = difference(moments_of(one), moments_of(other))

    theirs = stats.ttest_ind(one, other, equal_var=False)
    interval = CompareMeans(DescrStatsW(one), DescrStatsW(other)).tconfint_diff(usevar="unequal")
    assert ours.lift == pytest.approx(one.mean() - other.mean())
    assert ours.p == pytest.approx(theirs.pvalue)
    assert (ours.ci_low, ours.ci_high) == pytest.approx(interval)


def test_the_relative_lift_has_the_delta_methods_interval():
    control, treated = np.array([4.0, 6.0, 5.0, 7.0]), np.array([6.0, 9.0, 8.0, 9.0])

    ours = difference(moments_of(treated), moments_of(control))

    variance = treated.var(ddof=1) / 4 / 5.5**2 + control.var(ddof=1) / 4 * 8**2 / 5.5**4
    assert ours.relative_lift == pytest.approx(8 / 5.5 - 1)
    assert ours.relative_high - ours.relative_low == pytest.approx(2 * 1.959964 * math.sqrt(variance), rel=1e-6)


def test_sizes_against_shares_give_growthbooks_published_numbers():
    assert sample_ratio([4900, 5100], [1, 1]).p == pytest.approx(0.0455003, abs=1e-7)
    assert sample_ratio([4700, 5300], [1, 1]).p == pytest.approx(1.9732e-9, rel=1e-4)
    assert sample_ratio([900, 100], [0.9, 0.1]).p == pytest.approx(1)


def test_sizes_fail_below_a_thousandth_and_warn_below_a_hundredth():
    assert not sample_ratio([4700, 5300], [1, 1]).ok
    doubtful = sample_ratio([4860, 5140], [1, 1])
    assert 0.001 < doubtful.p < 0.01
    assert doubtful.ok
    assert doubtful.warns
    assert not sample_ratio([4900, 5100], [1, 1]).warns


def test_an_arm_that_should_be_empty_is_not_counted():
    assert sample_ratio([500, 500, 0], [1, 1, 0]) == sample_ratio([500, 500, 0], [2, 2, 0])
    assert sample_ratio([], []).ok


def test_few_successes_are_compared_by_newcombe_and_fisher():
    treated, control = np.r_[np.ones(7), np.zeros(93)], np.r_[np.ones(1), np.zeros(99)]

    ours = difference(moments_of(treated, is_binary=True), moments_of(control, is_binary=True))

    assert ours.method == "newcombe_fisher"
    assert ours.p == pytest.approx(stats.fisher_exact([[7, 93], [1, 99]]).pvalue)
    interval = confint_proportions_2indep(7, 100, 1, 100, method="newcomb")
    assert (ours.ci_low, ours.ci_high) == pytest.approx(interval, abs=1e-6)


def test_nobody_of_a_few_leaves_an_interval_not_a_certainty():
    none = moments_of(np.zeros(50), is_binary=True)

    ours = difference(none, none)

    assert ours.lift == 0
    assert ours.p == 1
    assert ours.ci_low < -0.05
    assert ours.ci_high > 0.05


def test_what_does_not_vary_or_is_alone_gets_no_interval():
    five = moments_of(np.full(10, 5.0))
    alone = difference(moments_of(np.array([3.0])), five)

    assert difference(five, moments_of(np.full(10, 3.0))).p is None
    assert (alone.lift, alone.p, alone.ci_low) == (-2, None, None)
    assert difference(moments_of(np.empty(0)), five).lift is None


def test_overflow_is_unknown_not_a_number_that_is_none():
    huge = moments_of(np.array([1e308, -1e308, 1e308]))

    ours = difference(huge, moments_of(np.array([1.0, 2.0])))

    assert ours.se is None
    assert ours.ci_low is None


def test_one_covariate_is_cuped_with_the_covariance_of_all_arms():
    outcome, before = columns(1)
    arms = [moments_of(outcome[part], before[part, :1]) for part in (slice(0, 200), slice(200, 400))]

    ours = adjusted(arms)

    theta = np.cov(outcome, before[:, 0])[0, 1] / before[:, 0].var(ddof=1)
    after = outcome - theta * (before[:, 0] - before[:, 0].mean())
    assert ours.theta == pytest.approx([theta])
    effect = difference(ours.arms[1], ours.arms[0])
    expected = stats.ttest_ind(after[200:], after[:200], equal_var=False)
    assert effect.lift == pytest.approx(after[200:].mean() - after[:200].mean())
    assert effect.p == pytest.approx(expected.pvalue)
    assert ours.explained == pytest.approx(1 - after.var() / outcome.var())


def test_several_covariates_are_least_squares_and_repeats_do_no_harm():
    outcome, before = columns(2)
    arms = [moments_of(outcome[part], before[part]) for part in (slice(0, 200), slice(200, 400))]
    doubled = np.column_stack([before, before[:, 0], np.ones(400)])
    same = [moments_of(outcome[part], doubled[part]) for part in (slice(0, 200), slice(200, 400))]

    ours = adjusted(arms)

    expected = np.linalg.lstsq(np.column_stack([np.ones(400), before]), outcome, rcond=None)[0][1:]
    assert ours.theta == pytest.approx(expected)
    assert adjusted(same).arms[1].mean == pytest.approx(ours.arms[1].mean)


def test_a_covariate_that_never_varies_adjusts_nothing():
    outcome = np.arange(10.0)
    assert adjusted([moments_of(outcome, np.ones((10, 1))), moments_of(outcome, np.ones((10, 1)))]) is None
    assert adjusted([moments_of(outcome), moments_of(outcome)]) is None


def test_pooled_moments_are_those_of_all_rows():
    outcome, before = columns(3)
    parts = [moments_of(outcome[part], before[part]) for part in (slice(0, 7), slice(7, 7), slice(7, 400))]

    total, whole = pooled(parts), moments_of(outcome, before)

    assert (total.n, total.mean, total.variance) == pytest.approx((whole.n, whole.mean, whole.variance))
    assert total.covariate_variance == pytest.approx(whole.covariate_variance)
    assert total.covariance == pytest.approx(whole.covariance)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_corrections_are_statsmodels(values: list[float]):
    assert holm(values) == pytest.approx(list(multipletests(values, method="holm")[1]))
    assert benjamini_hochberg(values) == pytest.approx(list(multipletests(values, method="fdr_bh")[1]))


def test_what_has_no_p_is_not_counted_in_a_family():
    assert holm([None, 0.02, 0.04]) == [None, 0.04, 0.04]
    assert benjamini_hochberg([0.01, None]) == [0.01, None]


def test_needed_people_give_four_chances_in_five():
    needed = needed_per_arm(0.02, 0.1 * 0.9, 0.12 * 0.88)
    draw = np.random.default_rng(4)
    rounds = 2000

    control, treated = draw.binomial(needed, 0.1, rounds) / needed, draw.binomial(needed, 0.12, rounds) / needed
    se = np.sqrt((control * (1 - control) + treated * (1 - treated)) / needed)
    found = np.mean(np.abs(treated - control) / se > 1.959964)

    assert needed == 3839
    assert found == pytest.approx(0.8, abs=0.03)


def test_needed_people_before_a_send_grow_as_the_holdout_shrinks():
    assert needed_audience(0.1, 0.02, 0.5) == pytest.approx(2 * needed_per_arm(0.02, 0.09, 0.12 * 0.88), abs=2)
    assert needed_audience(0.1, 0.02, 0.1) > 2 * needed_audience(0.1, 0.02, 0.5)
    assert needed_audience(0.1, 0.0, 0.1) is None
    assert needed_audience(0.1, 0.95, 0.1) is None
    shown = detectable_rate(10_000, 0.1, 0.1)
    assert shown == pytest.approx(detectable_effect(math.sqrt(0.09 * (1 / 9000 + 1 / 1000))))


def test_nothing_to_see_needs_no_number():
    assert needed_per_arm(0.0, 1, 1) is None
    assert needed_per_arm(1e-12, 1, 1) is None


def test_an_equal_effect_everywhere_is_not_heterogeneous():
    draw = np.random.default_rng(5)
    same = [difference(moments_of(draw.normal(1, 1, 500)), moments_of(draw.normal(0, 1, 500))) for _ in range(4)]
    other = difference(moments_of(draw.normal(-1, 1, 500)), moments_of(draw.normal(0, 1, 500)))

    assert heterogeneity_p(same) > 0.01
    assert heterogeneity_p([*same, other]) < 1e-6
    assert heterogeneity_p([other]) is None


def test_balance_fails_only_when_chance_is_out_of_the_question():
    draw = np.random.default_rng(6)
    here, there = moments_of(draw.normal(0, 1, 1000)), moments_of(draw.normal(0.25, 1, 1000))

    assert not balance(there, here, comparisons=10).ok
    assert balance(here, moments_of(draw.normal(0, 1, 1000)), comparisons=10).ok
    assert balance(there, here, comparisons=1).standardised == pytest.approx(0.25, abs=0.1)


def test_without_an_effect_five_in_a_hundred_look_like_one():
    draw = np.random.default_rng(7)
    pairs = [(draw.exponential(1, 200), draw.exponential(1, 60)) for _ in range(2000)]

    found = [difference(moments_of(one), moments_of(other)).p < 0.05 for one, other in pairs]

    assert np.mean(found) == pytest.approx(0.05, abs=0.02)


def test_ninety_five_of_a_hundred_intervals_hold_the_truth_adjusted_or_not():
    draw = np.random.default_rng(8)
    held: list[tuple[bool, bool]] = []
    for _ in range(1000):
        before = draw.gamma(2, 1, 300)
        treated = draw.random(300) < 0.5
        outcome = before + draw.normal(0, 1, 300) + 0.3 * treated
        arms = [moments_of(outcome[part], before[part, None]) for part in (~treated, treated)]
        after = adjusted(arms).arms
        effects = difference(arms[1], arms[0]), difference(after[1], after[0])
        held.append(tuple(effect.ci_low < 0.3 < effect.ci_high for effect in effects))

    assert np.mean(held, axis=0) == pytest.approx([0.95, 0.95], abs=0.02)


@given(samples, samples)
def test_swapping_the_arms_turns_the_sign(one: list[float], other: list[float]):
    there = difference(moments_of(np.array(one)), moments_of(np.array(other)))
    back = difference(moments_of(np.array(other)), moments_of(np.array(one)))

    assert there.lift == pytest.approx(-back.lift)
    assert there.p == pytest.approx(back.p)


@given(samples, samples, st.sampled_from([0.01, 100, 1e6]))
def test_the_unit_of_an_outcome_changes_no_verdict(one: list[float], other: list[float], scale: float):
    small = difference(moments_of(np.array(one)), moments_of(np.array(other)))
    large = difference(moments_of(np.array(one) * scale), moments_of(np.array(other) * scale))

    assert large.lift == pytest.approx(small.lift * scale, rel=1e-6, abs=1e-6 * scale)
    if small.p is not None and small.se > 1e-6:
        assert large.p == pytest.approx(small.p, rel=1e-4, abs=1e-9)


@given(samples, samples, st.randoms())
def test_the_order_of_people_changes_nothing(one: list[float], other: list[float], random):
    first = difference(moments_of(np.array(one)), moments_of(np.array(other)))
    shuffled = list(one)
    random.shuffle(shuffled)

    second = difference(moments_of(np.array(shuffled)), moments_of(np.array(other)))

    assert second.lift == pytest.approx(first.lift, abs=1e-9)
