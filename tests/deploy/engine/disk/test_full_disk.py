"""On a disk that other processes fill, acknowledged rows are there once, whatever happens to the engine.

Its log is on the same disk. An engine that ends while the disk is full may set a damaged part aside at its next start:
that of an INSERT it refused, whose deduplication token it still remembers, or that of a merge, whose source parts it
loads. So a writer whose block was refused looks for its rows before it relies on the token, as the store does
(sinks/store/reconciliation.py).
"""

import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from tests.deploy.engine.engine_processes import Engine, Start
from tests.small_disk import FILE_SYSTEMS, MB, SmallDisk, mounted_or_skipped

TABLE = """(id UInt64, text String) ENGINE = MergeTree ORDER BY id
    SETTINGS non_replicated_deduplication_window = 100000"""
ROWS = 20
FULL_FOR = 10  # INSERTs that are refused before the engine is stopped


@pytest.fixture(params=FILE_SYSTEMS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    yield from mounted_or_skipped(tmp_path, 300, request.param)


@dataclass
class Writer:
    """Sends numbered blocks one after the other, and sends each unacknowledged block again unchanged."""

    client: Any
    next_block: int = 0
    acknowledged: set[int] = field(default_factory=set)
    unanswered: list[int] = field(default_factory=list)
    refused: int = 0

    def send(self, block: int, token: str = "block") -> bool:
        """Send a block; return False if it was refused for lack of room."""
        body = "".join(f"{block * ROWS + row}\t{'x' * (40 + row)}\n" for row in range(ROWS)).encode()
        settings = {"insert_deduplication_token": f"{token} {block}"}
        try:
            self.client.command("INSERT INTO kept FORMAT TSV", data=body, settings=settings)
        except ClickHouseError as error:
            if error.code != 243:
                raise
            self.refused += 1
            return False
        self.acknowledged.add(block)
        return True

    def send_next(self) -> bool:
        block, self.next_block = self.next_block, self.next_block + 1
        if not self.send(block):
            self.unanswered.append(block)
        return block in self.acknowledged

    def send_again(self) -> None:
        """Send the refused blocks until they are accepted."""
        while self.unanswered:
            if self.send(self.unanswered[0]):
                del self.unanswered[0]
            else:
                time.sleep(0.05)

    def send_lost(self) -> list[int]:
        """Send the blocks whose token alone the engine remembers under another token; return them."""
        lost = sorted(set(range(self.next_block)) - set(stored(self.client)))
        for block in lost:
            assert self.send(block, "again")
        return lost


def stored(client: Any) -> list[int]:
    """How often each block is stored; a block is stored as a whole."""
    rows = client.query(f"SELECT intDiv(id, {ROWS}), count() FROM kept GROUP BY 1 ORDER BY 1").result_rows
    assert {count for _, count in rows} <= {ROWS}
    return [block for block, _ in rows]


def shop(engine: Engine) -> Any:
    client: Any = engine.client()
    client.command("CREATE DATABASE IF NOT EXISTS shop")
    client = engine.client()
    client.command(f"CREATE TABLE IF NOT EXISTS kept {TABLE}")
    return client


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_full_disk_loses_and_doubles_nothing(start: Start, disk: SmallDisk, how: signal.Signals) -> None:
    """The disk fills at once or slowly during inserts; the engine is stopped or killed; then there is room again."""
    data, log = disk.folder / "data", disk.folder / "engine.log"
    engine = start(data, log=log)
    writer = Writer(shop(engine))
    for pause_s in (0.0, 0.002, 0.0):
        already = writer.refused
        filler = threading.Thread(target=disk.fill, kwargs={"pause_s": pause_s})
        while writer.next_block % 50 != 49 or not writer.send_next():
            writer.send_next()
        filler.start()
        while writer.refused < already + FULL_FOR or filler.is_alive():
            writer.send_next()
        engine.process.send_signal(how)
        assert engine.process.wait(60) == (0 if how == signal.SIGTERM else -signal.SIGKILL)
        disk.make_room()
        engine = start(data, log=log)
        writer.client = shop(engine)
        assert writer.acknowledged <= set(stored(writer.client))
        refused = set(writer.unanswered)
        writer.send_again()
        assert refused >= set(writer.send_lost())
        assert stored(writer.client) == list(range(writer.next_block))
    assert engine.stop() == 0


def test_the_engine_lives_on_while_the_disk_is_full(start: Start, disk: SmallDisk) -> None:
    log = disk.folder / "engine.log"
    engine = start(disk.folder / "data", log=log)
    writer = Writer(shop(engine))
    for _ in range(3):
        already = writer.refused
        filler = threading.Thread(target=disk.fill)
        filler.start()
        while writer.refused < already + FULL_FOR or filler.is_alive():
            writer.send_next()
        assert disk.free_bytes < 1 * MB
        disk.make_room()
        writer.send_again()
        assert stored(writer.client) == list(range(writer.next_block))
    assert writer.client.query("SELECT name FROM system.detached_parts").result_rows == []
    assert engine.stop() == 0
    assert log.read_text().count("The engine stores again: ") == 3
