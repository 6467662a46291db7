"""When the consumer may fetch again, without a Kafka."""

from pathlib import Path

import pytest

from streams.application import StreamsApp, make_app
from streams.assignor import KeepingAssignor


@pytest.fixture
def app(tmp_path: Path) -> StreamsApp:
    made = make_app("group", "127.0.0.1:1", data_dir=tmp_path)
    made.finalize()
    made.consumer.thread._assignor = KeepingAssignor()  # comes with the connection
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
