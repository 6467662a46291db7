"""Token buckets: the burst, the long-term rate, and the time to wait."""

from hypothesis import given
from hypothesis import strategies as st

from sources.collector.keys.rates import BURST_S, RateLimiter
from tests.sources.collector.keys.entries import entry

TEN = entry(rate_per_s=10)
requests = st.lists(
    st.tuples(st.floats(min_value=0, max_value=30), st.integers(min_value=1, max_value=200)), min_size=1, max_size=60
)


def test_a_key_without_a_limit_is_always_admitted() -> None:
    limiter = RateLimiter()
    assert {limiter.admit(entry(rate_per_s=0), 10**9, 0.0) for _ in range(3)} == {0}


def test_a_burst_is_admitted_and_then_the_rate() -> None:
    limiter = RateLimiter()
    assert limiter.admit(TEN, 10 * BURST_S, 100.0) == 0
    assert limiter.admit(TEN, 1, 100.0) == 1
    assert limiter.admit(TEN, 10, 101.0) == 0
    assert limiter.admit(TEN, 25, 101.0) == 3


def test_a_request_over_the_burst_is_admitted_by_a_full_bucket_and_paid_off() -> None:
    limiter = RateLimiter()
    assert limiter.admit(TEN, 1000, 0.0) == 0
    wait_s = limiter.admit(TEN, 1, 0.0)
    assert wait_s == (1000 - 10 * BURST_S) / 10 + 1
    assert limiter.admit(TEN, 1, float(wait_s)) == 0


def test_keys_do_not_share_a_bucket() -> None:
    limiter = RateLimiter()
    assert limiter.admit(TEN, 10 * BURST_S, 0.0) == 0
    assert limiter.admit(entry("k2", rate_per_s=10), 10 * BURST_S, 0.0) == 0


def test_a_clock_that_goes_back_admits_nothing_more() -> None:
    limiter = RateLimiter()
    assert limiter.admit(TEN, 10 * BURST_S, 100.0) == 0
    assert limiter.admit(TEN, 1, 50.0) > 0


@given(requests)
def test_over_any_period_no_more_is_admitted_than_burst_and_rate_allow(steps: list[tuple[float, int]]) -> None:
    """The last request may leave a debt, which is at most its own size."""
    limiter, now_s, admitted, last = RateLimiter(), 0.0, 0, 0
    for pause_s, touches in steps:
        now_s += pause_s
        if limiter.admit(TEN, touches, now_s) == 0:
            admitted, last = admitted + touches, touches
        assert admitted - last <= 10 * BURST_S + 10 * now_s + 1e-6


@given(requests)
def test_a_refused_request_is_admitted_after_the_stated_time(steps: list[tuple[float, int]]) -> None:
    limiter, now_s = RateLimiter(), 0.0
    for pause_s, touches in steps:
        now_s += pause_s
        if wait_s := limiter.admit(TEN, touches, now_s):
            now_s += wait_s + 1e-6
            assert limiter.admit(TEN, touches, now_s) == 0
