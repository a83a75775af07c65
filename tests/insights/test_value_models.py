"""BG/NBD, Gamma-Gamma, rhythm and dates: against published numbers, slow direct formulas and known truths."""

import warnings
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import IntegrationWarning, quad
from scipy.special import beta as beta_function
from scipy.special import gamma as gamma_function

from homeground.insights.value import bg_nbd, gamma_gamma
from homeground.insights.value.anniversary import anniversaries
from homeground.insights.value.back_test import back_test, weeks_to_hold
from homeground.insights.value.bg_nbd import BgNbd, Likelihood
from homeground.insights.value.dates import BASES, NONE, Cycles, expected_dates
from homeground.insights.value.purchases import Purchases, Summary, purchases_of, summary_of
from homeground.insights.value.rhythm import rhythms

CDNOW = BgNbd(0.2426, 4.4136, 0.7929, 2.4259)  # Fader, Hardie & Lee (2005), one digit more.


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


def summary(*rows: tuple[float, float, float]) -> Summary:
    x, t_x, age = (np.array(column, float) for column in zip(*rows, strict=True))
    return Summary(x, t_x, age, np.full(len(x), np.nan))


def bought(days: dict[int, list[int]]) -> Purchases:
    rows = [(who, when) for who, each in days.items() for when in each]
    return purchases_of(np.array([who for who, _ in rows]), np.array([when for _, when in rows]))


def simulated(model: BgNbd, people: int, weeks: int, seed: int) -> Purchases:
    """Customers of these parameters, by the story the model tells; orders by the day."""
    draw = np.random.default_rng(seed)
    rate, leaves = draw.gamma(model.r, 1 / model.alpha, people), draw.beta(model.a, model.b, people)
    now, alive = draw.uniform(0, 12, people), np.ones(people, bool)
    who, when = [np.arange(people)], [now.copy()]
    while alive.any():
        now = now + draw.exponential(1 / rate)
        alive = alive & (now < weeks)
        who.append(np.flatnonzero(alive))
        when.append(now[alive])
        alive = alive & (draw.uniform(size=people) >= leaves)
    return purchases_of(np.concatenate(who), np.floor(np.concatenate(when) * 7).astype(np.int64))


def directly(model: BgNbd, x: int, t_x: float, age: float) -> float:
    """The likelihood of one history as the paper writes it (equation 6), in plain arithmetic."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    rate = gamma_function(r + x) * alpha**r / gamma_function(r)
    stays = beta_function(a, b + x) / beta_function(a, b) / (alpha + age) ** (r + x)
    leaves = beta_function(a + 1, b + x - 1) / beta_function(a, b) / (alpha + t_x) ** (r + x) if x else 0.0
    return float(np.log(rate * (stays + leaves)))


def test_published_log_likelihoods_hold_also_where_plain_arithmetic_overflows():
    at = np.array([0.25, 4.0, 0.8, 2.5])

    assert Likelihood(summary((0, 0, 40))).curve(at)[0] == pytest.approx(-0.59947382, abs=1e-8)
    assert Likelihood(summary((200, 38, 40))).curve(at)[0] == pytest.approx(100.7957, abs=1e-4)
    assert np.isfinite(Likelihood(summary((20_000, 38, 4000))).curve(at)[0])


def test_published_expectations_hold():
    times = np.array([0.1429, 1, 3, 31.8571, 32, 78])

    assert CDNOW.expected(times) == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], abs=6e-4)
    history = (np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert CDNOW.expected_from(*history, 39.0) == pytest.approx([1.226], abs=1e-3)


histories = st.tuples(st.integers(0, 40), st.floats(0, 1), st.floats(0.5, 150)).map(
    lambda told: (told[0], told[1] * told[2] if told[0] else 0.0, told[2])
)
parameters = st.tuples(st.floats(0.1, 5), st.floats(0.5, 30), st.floats(0.1, 4), st.floats(0.2, 6))


@given(st.lists(histories, min_size=1, max_size=8), parameters)
@settings(max_examples=60, deadline=None)
def test_the_likelihood_is_that_of_the_paper(rows, given):
    model = BgNbd(*given)

    fast = Likelihood(summary(*rows)).curve(np.array(given))[0]

    assert fast == pytest.approx(sum(directly(model, *row) for row in rows), rel=1e-8, abs=1e-8)


@given(st.lists(histories, min_size=1, max_size=8), parameters)
@settings(max_examples=60, deadline=None)
def test_gradient_and_second_derivatives_are_those_of_finite_differences(rows, given):
    likelihood, at = Likelihood(summary(*rows)), np.array(given)
    _height, slope, bend = likelihood.curve(at)

    for place in range(4):
        step = np.zeros(4)
        step[place] = 1e-5 * at[place]
        up, down = likelihood.curve(at + step), likelihood.curve(at - step)
        width = 2 * step[place]
        assert slope[place] == pytest.approx((up[0] - down[0]) / width, rel=1e-4, abs=1e-4)
        assert bend[place] == pytest.approx((up[1] - down[1]) / width, rel=1e-4, abs=1e-4)


@given(histories, parameters, st.floats(0.5, 100))
@settings(max_examples=60, deadline=None)
def test_the_expectation_is_that_of_the_paper_wherever_its_series_can_be_summed(row, given, t):
    """Conditional expectation by integrating the rate of purchase over the time to come: no 2F1."""
    model, (x, t_x, age) = BgNbd(*given), row
    r, alpha, a, b = given
    kind = (np.array([float(x)]), np.array([t_x]), np.array([age]))

    def still_here_rate(s: float) -> float:
        # E[λ p-weighted]: λ gamma (r + x, alpha + age), p beta (a, b + x), leaving after each purchase at rate λp.
        shape, scale = r + x, alpha + age
        return quad(
            lambda p: p ** (a - 1) * (1 - p) ** (b + x - 1) * shape * scale**shape / (scale + p * s) ** (shape + 1),
            0, 1, limit=200,
        )[0] / beta_function(a, b + x)  # fmt: skip

    if a < 0.5 or b + x < 0.5:
        return  # The integrand has a pole that plain quadrature does not resolve.
    with warnings.catch_warnings():
        warnings.simplefilter("error", IntegrationWarning)
        try:
            slow = quad(still_here_rate, 0, t, limit=200)[0] * model.p_alive(*kind)[0]
        except IntegrationWarning:
            return  # Quadrature itself says that it is not near enough to compare with.
    assert model.expected_from(*kind, t)[0] == pytest.approx(slow, rel=2e-4, abs=1e-6)


def test_known_parameters_are_recovered_within_their_errors():
    truth = BgNbd(0.5, 5.0, 1.0, 3.0)
    purchases = simulated(truth, 20_000, 60, seed=7)

    fit = bg_nbd.fit(summary_of(purchases, 60 * 7))

    assert fit.optimum.converged
    off = (fit.optimum.parameters - [truth.r, truth.alpha, truth.a, truth.b]) / fit.optimum.errors
    # Orders of one day are one purchase: a little is lost, beside the error of the sample.
    assert np.abs(off).max() < 4


def test_a_brand_that_nobody_leaves_is_fitted_without_leaving():
    fit = bg_nbd.fit(summary_of(simulated(BgNbd(0.8, 10.0, 1e-7, 5.0), 3000, 52, seed=3), 52 * 7))

    assert fit.optimum.converged
    assert fit.model.a / (fit.model.a + fit.model.b) < 0.01


@pytest.mark.parametrize("rows", [[(0, 0, 10)] * 5, [(0, 0, 0)], [(3, 9, 9)] * 4])
def test_what_cannot_be_fitted_is_said_not_guessed(rows):
    assert not bg_nbd.fit(summary(*rows)).optimum.converged


def test_who_bought_once_is_alive_and_silence_lowers_the_chance():
    alive = CDNOW.p_alive(np.array([0.0, 5, 5, 5]), np.array([0.0, 30, 30, 30]), np.array([39.0, 30, 35, 60]))

    assert alive[0] == 1
    assert 1 > alive[1] > alive[2] > alive[3] > 0


def test_the_wait_after_a_purchase_has_the_shares_it_promises():
    draw = np.random.default_rng(5)
    rate = draw.gamma(CDNOW.r + 3, 1 / (CDNOW.alpha + 20), 400_000)
    waits = draw.exponential(1 / rate)

    for share in (0.1, 0.5, 0.9):
        promised = CDNOW.next_after(np.array([3.0]), np.array([20.0]), share)[0]
        assert (waits <= promised).mean() == pytest.approx(share, abs=0.005)


@given(st.floats(0.5, 8), st.floats(0.5, 8), st.floats(0.5, 50))
@settings(max_examples=40, deadline=None)
def test_derivatives_of_gamma_gamma_are_those_of_finite_differences(p, q, v):
    x, value, at = np.array([1.0, 2, 7]), np.array([10.0, 35, 22]), np.array([p, q, v])
    _height, slope, bend = gamma_gamma.curve(at, x, value)

    for place in range(3):
        step = np.zeros(3)
        step[place] = 1e-5 * at[place]
        up, down = gamma_gamma.curve(at + step, x, value), gamma_gamma.curve(at - step, x, value)
        assert slope[place] == pytest.approx((up[0] - down[0]) / (2 * step[place]), rel=1e-4, abs=1e-4)
        assert bend[place] == pytest.approx((up[1] - down[1]) / (2 * step[place]), rel=1e-3, abs=1e-3)


def test_gamma_gamma_recovers_what_it_was_made_from_and_draws_few_purchases_to_the_mean():
    draw = np.random.default_rng(2)
    x = draw.integers(1, 12, 20_000).astype(float)
    rate = draw.gamma(4.0, 1 / 15.0, len(x))
    value = draw.gamma(6.0 * x, 1 / rate) / x
    told = Summary(x, x, x, value)

    fit = gamma_gamma.fit(told)

    assert fit is not None
    assert fit.optimum.converged
    assert fit.is_independent
    assert np.abs((fit.optimum.parameters - [6, 4, 15]) / fit.optimum.errors).max() < 4
    everyone = 6 * 15 / 3
    few, many = fit.model.expected(np.array([1.0, 50]), np.array([90.0, 90.0]))
    assert everyone < few < many < 90
    assert fit.model.expected(np.array([0.0]), np.array([np.nan]))[0] == pytest.approx(everyone, rel=0.05)


def test_value_that_goes_with_number_is_seen():
    draw = np.random.default_rng(2)
    x = draw.integers(1, 12, 2000).astype(float)
    told = Summary(x, x, x, 10 * x + draw.uniform(0, 5, 2000))

    fit = gamma_gamma.fit(told)

    assert fit is not None
    assert not fit.is_independent


def test_orders_of_a_day_are_one_purchase_whatever_their_order():
    purchases = purchases_of(np.array([7, 3, 7, 7]), np.array([9, 5, 2, 9]), np.array([1.0, 4, 8, 2]))

    told = summary_of(purchases, 16, unit_days=1)

    assert purchases.people.tolist() == [3, 7]
    assert told.x.tolist() == [0, 1]
    assert told.t_x.tolist() == [0, 7]
    assert told.age.tolist() == [11, 14]
    assert np.isnan(told.value[0])
    assert told.value[1] == 3
    assert purchases.until(4).people.tolist() == [7]


def test_a_regular_customer_has_a_rhythm_and_a_random_one_has_not():
    draw = np.random.default_rng(4)
    random = {n: np.cumsum(1 + draw.exponential(30, 6).astype(int)).tolist() for n in range(2, 200)}
    found = rhythms(bought({1: [0, 30, 61, 90, 121, 150], **random}))

    assert found.is_regular[0]
    assert found.period[0] == pytest.approx(30, abs=0.5)
    assert found.low[0] < found.period[0] < found.high[0]
    assert found.is_regular[1:].mean() < 0.1


def test_an_order_of_last_august_has_its_anniversary_this_august():
    until = day("2026-07-10")
    days = np.array([day("2025-08-20"), day("2024-02-29"), day("2026-07-09"), day("2025-06-20"), day("2025-06-30")])

    found = [date.fromordinal(int(each) + date(1970, 1, 1).toordinal()) for each in anniversaries(days, until)]

    assert [each.isoformat() for each in found] == [
        "2026-08-20", "2027-02-28", "2027-07-09", "2027-06-20", "2026-06-30"
    ]  # fmt: skip


def test_each_date_says_its_basis():
    until = day("2026-07-10")
    regular = [until - 20 - 30 * n for n in range(8)]
    people = {
        1: regular,
        2: [until - 60, until - 20],
        3: [until - 20],
        4: [until - 20],
        5: [until - 2000, until - 1900],
    }
    purchases = bought(people)
    nothing = np.full(5, np.nan)
    cycles = Cycles(*(np.where(np.arange(5) == 2, each, nothing) for each in (25.0, 30.0, 40.0)))

    found = expected_dates(purchases, until, CDNOW, cycles)

    named = [BASES[each] if each != NONE else None for each in found.basis]
    assert named == ["rhythm", "model", "cycle", "anniversary", None]
    assert found.on[0] == until + 10
    assert found.on[2] == until + 10
    assert (found.low[:4] <= found.on[:4]).all()
    assert (found.on[:4] <= found.high[:4]).all()


def test_a_date_stands_still_until_its_interval_is_over():
    purchases = bought({1: [0, 30, 60, 90, 120, 150]})

    on = [expected_dates(purchases, until).on[0] for until in (150, 170, 180)]
    over = expected_dates(purchases, 400)

    assert on == [180, 180, 180]
    assert over.basis[0] == NONE


def test_the_back_test_predicts_what_its_own_story_brings():
    purchases = simulated(BgNbd(0.5, 5.0, 1.0, 3.0), 8000, 60, seed=11)

    found = back_test(purchases, 60 * 7, weeks_to_hold(0, 60 * 7))

    assert found is not None
    assert found.predicted == pytest.approx(found.actual, rel=0.1)
    assert not found.naive_wins
    assert sum(group.people for group in found.groups) == found.people
    assert [week.number for week in found.by_week] == list(range(1, 14))
    assert found.by_week[-1].actual == found.actual


def test_too_few_orders_are_not_tested():
    assert weeks_to_hold(0, 23 * 7) == 0
    assert back_test(simulated(CDNOW, 50, 40, seed=1), 280, 13) is None
