"""When the consumer may fetch again, without a Kafka."""

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
    thread._assignor, thread._consumer = StickyAssignor(), SimpleNamespace(assignment=set)  # come with the connection
    return made


async def rebalance(app: StreamsApp, generation: int) -> None:
    """What Faust's listener does when the group has been rebalanced and this worker has nothing of it."""
    app.on_rebalance_start()
    app.consumer.stop_flow()
    app.consumer_generation_id = generation
    await app.consumer.on_partitions_assigned(set(), generation)


async def test_the_end_of_a_rebalance_is_not_that_of_the_next_one(app: StreamsApp) -> None:
    await rebalance(app, 1)
    app.on_rebalance_start()
    app.consumer.stop_flow()
    app.consumer.resume_flow()  # by what still followed from the first one
    assert not app.consumer.flow_active
    await rebalance(app, 2)
    app.consumer.resume_flow()
    assert app.consumer.flow_active


async def test_a_worker_that_cannot_take_over_leaves(app: StreamsApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """aiokafka goes on after whatever its listener raises: the partitions would be this worker's, and lie there."""

    def fail(*told: object) -> None:
        raise OSError("no room on the disk")

    told: list[str] = []
    monkeypatch.setattr("streams.kafka.consumer.exit_now", lambda reason, error: told.append(reason))
    app.changelog_tables.append(SimpleNamespace(source="topic", assign=fail))  # type: ignore[arg-type]
    await rebalance(app, 1)
    assert told == ["Partitions could not be taken over: OSError: no room on the disk."]
