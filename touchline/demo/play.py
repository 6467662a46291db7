"""Steps of both forms of the demo: choose a folder, send the recordings, wait until they are processed."""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from sources.emitter import Emitter
from sources.imports import Report
from touchline.demo.recordings import feed, read_shifts, recordings
from touchline.local.data_folder.visitor_key import visitor_key
from touchline.local.system import LocalSystem
from touchline.local.up import print_step, print_warning
from touchline.ops.lag import LagReader, read_lag
from touchline.ops.query_context import now_ms
from touchline.settings import Settings, read_settings
from touchline.worker.stages import STAGES, topics_of

DRAIN_LIMIT_S: Final = 600.0
POLL_S: Final = 0.2
_QUIET_POLLS: Final = 2  # in a row without waiting or new records, since identity messages may cause further ones


@contextmanager
def demo_settings(data: str | None) -> Iterator[tuple[Settings, Path]]:
    """Yield settings for the given folder, or for one that is removed afterwards, and the folder of Kafka's jars.

    The demo never uses the user's own database.
    """
    base = read_settings()
    if data is not None:
        yield read_settings(data=data, kafka="", clickhouse=""), base.jars_folder
        return
    base.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="demo-", dir=base.folder, ignore_cleanup_errors=True) as folder:
        if not base.kafka:
            yield read_settings(data=folder, clickhouse=""), base.jars_folder
            return
        # On a permanent Kafka, the state that one demo leaves would not match the empty engine of the next.
        name = f"touchline-demo-{secrets.token_hex(4)}"
        settings = read_settings(data=folder, clickhouse="", topic_prefix=f"{name}.", group=name)
        try:
            yield settings, base.jars_folder
        finally:
            remove_traces(settings)


def remove_traces(settings: Settings) -> None:
    """Delete a demo's topics from a Kafka that the demo did not start. The empty group expires by itself."""
    try:
        admin = KafkaAdminClient(bootstrap_servers=settings.kafka)
        try:
            # Without errors, because a demo that ended early has not created them all.
            admin.delete_topics([topic.name for topic in topics_of(settings).all()], raise_errors=False)
        finally:
            admin.close()
    except KafkaError as error:
        print_step(
            f"the topics {settings.topic_prefix}* are still in Kafka ({type(error).__name__}): delete them there"
        )


def feed_all(
    system: LocalSystem, progress: Callable[[str, Report], None], stopped: Callable[[], bool] = lambda: False
) -> dict[str, Report]:
    """Send the recordings, moved in time, through the same emitter that importers use.

    `progress` may raise to end this early. `stopped` ends the wait between the recordings.
    """
    settings = system.settings
    found = recordings(visitor_key(system.folder))
    shifts = read_shifts(system.folder, found, now_ms())
    with Emitter(settings.kafka, client_id="touchline-demo", topic_of=topics_of(settings).raw) as emitter:
        return feed(found, shifts, emitter, progress, lambda: wait_engaged(settings, stopped))


def wait_engaged(settings: Settings, stopped: Callable[[], bool]) -> None:
    """Wait until intake and engage have processed what was sent, at most `DRAIN_LIMIT_S` seconds or until `stopped`."""
    groups = dict.fromkeys(STAGES, settings.group)
    deadline_s = time.monotonic() + DRAIN_LIMIT_S
    with LagReader(settings.kafka, topics_of(settings)) as reader:
        while time.monotonic() < deadline_s and not stopped():
            found = reader.read(groups)
            if not (found["intake"].waiting or found["engage"].waiting):
                return
            time.sleep(POLL_S)


def wait_drained(system: LocalSystem) -> int:
    """Wait up to `DRAIN_LIMIT_S` seconds until every stage has processed all records. Return how many still wait."""
    settings = system.settings
    groups = dict.fromkeys(STAGES, settings.group)
    deadline_s, quiet, ends = time.monotonic() + DRAIN_LIMIT_S, 0, -1
    while True:
        lags = read_lag(settings.kafka, topics_of(settings), groups)
        waiting, now_ends = sum(lag.waiting for lag in lags.values()), sum(lag.ends for lag in lags.values())
        quiet = quiet + 1 if waiting == 0 and now_ends == ends else 0
        if quiet >= _QUIET_POLLS or time.monotonic() > deadline_s:
            return waiting
        ends = now_ends
        if restarted := system.restart_ended():
            print_warning(restarted)
        time.sleep(POLL_S)
