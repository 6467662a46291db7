"""The consumer around rebalances, without a Kafka."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from streams.kafka.sticky_assignor import StickyAssignor
from streams.runtime.app import StreamsApp, make_app


@pytest.fixture
def app(tmp_path: Path) -> StreamsApp:
    made = make_app("group", "127.0.0.1:1", data_dir=tmp_path)
    made.finalize()
    thread = made.consumer.thread
    thread._assignor, thread._consumer = StickyAssignor(), SimpleNamespace(assignment=set)  # set by the connection
    return made


async def rebalance(app: StreamsApp, generation: int) -> None:
    """Do what Faust's listener does after a rebalance that gives this worker no partition."""
    app.on_rebalance_start()
    app.consumer.stop_flow()
    app.consumer_generation_id = generation
    await app.consumer.on_partitions_assigned(set(), generation)


async def test_the_end_of_a_rebalance_does_not_resume_fetching_during_the_next(app: StreamsApp) -> None:
    await rebalance(app, 1)
    app.on_rebalance_start()
    app.consumer.stop_flow()
    app.consumer.resume_flow()  # late, by the first rebalance
    assert not app.consumer.flow_active
    await rebalance(app, 2)
    app.consumer.resume_flow()
    assert app.consumer.flow_active


async def test_a_worker_that_cannot_take_over_exits(app: StreamsApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """aiokafka ignores errors of its listener: the worker would own the partitions and never process them."""

    def fail(*arguments: object) -> None:
        raise OSError("no room on the disk")

    reasons: list[str] = []
    monkeypatch.setattr("streams.kafka.consumer.exit_now", lambda reason, error: reasons.append(reason))
    app.changelog_tables.append(SimpleNamespace(source="topic", assign=fail))  # type: ignore[arg-type]
    await rebalance(app, 1)
    assert reasons == ["Partitions could not be taken over: OSError: no room on the disk."]
