"""The state of the pipeline."""

from dashboards.live.messages import Delay, Pipeline
from dashboards.live.pipeline_state import DELAYS_MS, PipelineState

NOW_MS = 1_800_000_000_000


def test_at_first_nothing_is_known() -> None:
    expected = Pipeline(NOW_MS, kafka=None, clickhouse=None, filling=True, newest_ms=None, lag={}, delay_ms=None)
    assert PipelineState().message(NOW_MS) == expected


def test_delays_of_the_last_minutes() -> None:
    state = PipelineState()
    state.arrived(NOW_MS - 900_000, NOW_MS)  # while the past is read, delays say nothing
    state.filling = False
    for delay_ms in range(1, 101):
        state.arrived(NOW_MS - delay_ms, NOW_MS)
    assert state.message(NOW_MS).delay_ms == Delay(50, 99)
    assert state.message(NOW_MS).newest_ms == NOW_MS - 1
    state.arrived(NOW_MS + 7, NOW_MS + 1)  # the broker's clock may be ahead
    assert state.message(NOW_MS + DELAYS_MS + 1).delay_ms == Delay(0, 0)


def test_answers_are_what_is_told_at_once() -> None:
    state = PipelineState()
    before = state.answers()
    state.lag = {"intake": 3}
    assert state.answers() == before
    state.kafka = False
    assert state.answers() != before
