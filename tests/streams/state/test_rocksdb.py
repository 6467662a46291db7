"""A store on disk is a store in memory: whatever is written, read, crashed and opened again."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from streams.state.memory import MemoryStore
from streams.state.recovery import Recovery
from streams.state.rocksdb_directory import RocksStores, StateError
from streams.state.store import Store, go_on
from streams.state.table import BatchTable
from streams.state.versioned_log import VERSION_HEADER
from tests.scale import scaled

KEYS = st.sampled_from([b"a", b"ab", b"b", b"\x00", b"\xff"])
LOG = "log"
IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None


class Record(NamedTuple):
    """What is asked of a record of a changelog."""

    offset: int
    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]


class Batch(list[Record]):
    """A record batch as aiokafka hands it out, and the `MemoryRecords` around it."""

    is_control_batch = False

    def __init__(self, records: list[Record], end: int) -> None:
        super().__init__(records)
        self.base_offset = records[0].offset if records else end
        self.next_offset = end
        self._given = not records

    def has_next(self) -> bool:
        return not self._given

    def next_batch(self) -> "Batch":
        self._given = True
        return self


def version_of(value: bytes) -> int:
    return int(value.split(b"@")[1])


def read_tail(store: Store, log: list[Record], until: int | None = None) -> int:
    """Read a log from where the store stands; how many records that were."""
    end = len(log) if until is None else until
    position, read = go_on(store, end), 0
    while position < end:
        tail = log[position:end]
        read += len(tail)
        position = store.absorb(Batch(tail, end), position)
    store.mark(position)
    return read


def copy_living(folder: Path, to: Path) -> None:
    """A copy as of one moment: again, if RocksDB has meanwhile merged files, which changes some and puts some away."""
    while True:
        with suppress(shutil.Error, FileNotFoundError):
            before = measure(folder)
            shutil.copytree(folder, to)
            if measure(folder) == before:
                return
        shutil.rmtree(to, ignore_errors=True)


def measure(folder: Path) -> dict[Path, tuple[int, int]]:
    """Every file with its size, and when it was last written to."""
    return {path: (about.st_size, about.st_mtime_ns) for path in folder.rglob("*") if (about := path.stat())}


class Stores(RuleBasedStateMachine):
    """An owner writes, zombies write, standbys read; the process on disk crashes, and starts anew."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY))  # opening a database waits for the disk several times
        self.stores = RocksStores(self.folder / "0")
        self.rocks = self.stores.open("log", 0, version_of)
        self.rocks.attach(LOG)
        self.memory: Store = MemoryStore(version_of)
        self.log: list[Record] = []
        self.version = 0
        self.crashes = 0

    @property
    def at_end(self) -> bool:
        return self.rocks.position == self.memory.position == len(self.log)

    @precondition(lambda self: self.at_end)
    @rule(changes=st.dictionaries(KEYS, st.none() | st.binary(max_size=3).map(bytes.hex), min_size=1))
    def own(self, changes: dict[bytes, str | None]) -> None:
        self.version += 1
        values = {k: None if v is None else f"{v}@{self.version}".encode() for k, v in changes.items()}
        for key, value in values.items():
            self.append(key, value, self.version)
        for store in (self.rocks, self.memory):
            store.apply(values, self.version, len(self.log))

    def append(self, key: bytes, value: bytes | None, version: int) -> None:
        headers = [(VERSION_HEADER, b"%d" % version)] if value is None else []
        self.log.append(Record(len(self.log), key, value, headers))

    @rule(key=KEYS, value=st.none() | st.sampled_from([b"x", b""]), age=st.integers(-2, 4))
    def somebody_else(self, key: bytes, value: bytes | None, age: int) -> None:
        version = max(0, self.version - age)
        self.version = max(self.version, version)  # whoever writes has read what is there: it is never older
        self.append(key, None if value is None else b"%s@%d" % (value, version), version)

    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        until = data.draw(st.integers(self.rocks.position, len(self.log)))
        for store in (self.rocks, self.memory):
            read_tail(store, self.log, until)

    @rule()
    def look_at_keys(self) -> None:
        for key in (b"a", b"ab", b"b", b"\x00", b"\xff", b"none"):
            assert self.rocks.view.get(key) == self.memory.view.get(key)

    @precondition(lambda self: self.at_end)
    @rule()
    def repair(self) -> None:
        repairs = self.rocks.repairs()
        for key, value, headers in repairs:
            self.log.append(Record(len(self.log), key, value, headers or []))
        for store in (self.rocks, self.memory):
            store.repaired(len(self.log))
            assert not store.repairs()

    @rule()
    def crash(self) -> None:
        """The files as they are at this moment are what the next process finds."""
        self.crashes += 1
        found = self.folder / str(self.crashes)
        copy_living(self.folder / str(self.crashes - 1), found)
        self.rocks.close()
        self.stores.close()
        self.reopen(found)

    @rule()
    def stop(self) -> None:
        self.rocks.close()
        self.stores.close()
        self.reopen(self.folder / str(self.crashes))

    def reopen(self, folder: Path) -> None:
        position = self.rocks.position
        self.stores = RocksStores(folder)
        self.rocks = self.stores.open("log", 0, version_of)
        self.rocks.attach(LOG)
        assert self.rocks.position == position
        assert self.stores.found("log") == {0}

    @rule()
    def taken_over(self) -> None:
        """Who read all of the log has the same as who reads the rest."""
        for store in (self.rocks, self.memory):
            read_tail(store, self.log)
        fresh = MemoryStore(version_of)
        read_tail(fresh, self.log)
        assert dict(self.rocks.view) == dict(fresh.view)
        assert self.rocks.repairs() == fresh.repairs()

    @invariant()
    def same(self) -> None:
        rocks, memory = self.rocks, self.memory
        assert dict(rocks.view.items()) == dict(memory.view)
        assert (len(rocks.view), rocks.size_bytes) == (len(memory.view), memory.size_bytes)
        assert rocks.position == memory.position
        assert rocks.repairs() == memory.repairs()

    def teardown(self) -> None:
        self.rocks.close()
        self.stores.close()
        shutil.rmtree(self.folder)


TestStores = Stores.TestCase
TestStores.settings = settings(max_examples=scaled(20), stateful_step_count=25)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database that has read LOG up to offset 3."""
    stores = RocksStores(tmp_path)
    store = stores.open("log", 0, version_of)
    store.attach(LOG)
    assert read_tail(store, make_log(b"old")) == 3
    store.close()
    stores.close()
    return tmp_path


def make_log(text: bytes, length: int = 3) -> list[Record]:
    return [Record(at, b"%d" % at, b"%s@%d" % (text, at), []) for at in range(length)]


@pytest.mark.parametrize(
    ("log_id", "log", "read"),
    [
        (LOG, make_log(b"old"), 1),  # the last record, to see that it is the same
        (LOG, make_log(b"old", 5), 3),
        (LOG, make_log(b"new", 5), 8),  # first the last record: it is another one
        (LOG, make_log(b"old", 2), 2),
        ("another", make_log(b"old", 5), 5),
        (None, make_log(b"old", 5), 5),
    ],
    ids=["same", "longer", "other records", "shorter", "made anew", "not known"],
)
def test_only_what_is_certain_to_match_is_kept(folder: Path, log_id: str | None, log: list[Record], read: int) -> None:
    stores = RocksStores(folder)
    store = stores.open("log", 0, version_of)
    store.attach(log_id)
    assert read_tail(store, log) == read
    assert dict(store.view) == {record.key: record.value for record in log}
    store.close()
    stores.close()


@pytest.mark.parametrize(("later_s", "length", "read"), [(11 * 3600, 4, 2), (13 * 3600, 4, 4), (13 * 3600, 3, 1)])
def test_a_tail_from_long_ago_may_lack_deletions(
    folder: Path, later_s: int, length: int, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = RocksStores(folder)
    store = stores.open("log", 0, version_of)
    store.attach(LOG)
    now_s = store.as_of_s + later_s
    monkeypatch.setattr("streams.state.store.time.time", lambda: now_s)
    assert read_tail(store, make_log(b"old", length)) == read
    assert len(store.view) == length
    store.close()
    stores.close()


def test_what_cannot_be_read_is_made_again(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    for file in (folder / "log" / "0").iterdir():
        file.write_bytes(b"nonsense")
    stores = RocksStores(folder)
    store = stores.open("log", 0, version_of)
    store.attach(LOG)
    assert read_tail(store, make_log(b"old")) == 3
    assert len(store.view) == 3
    assert "cannot be read" in caplog.text
    store.close()
    stores.close()


def test_a_folder_belongs_to_one_worker(tmp_path: Path) -> None:
    first = RocksStores(tmp_path)
    with pytest.raises(StateError, match="in use by another worker: give each worker"):
        RocksStores(tmp_path)
    first.close()
    RocksStores(tmp_path).close()
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="Set TOUCHLINE_STATE_DIR"):
        RocksStores(tmp_path / "file" / "below")


async def test_what_is_there_stays_when_the_worker_stops_before_kafka_has_answered(folder: Path) -> None:
    stores = RocksStores(folder)
    app: Any = SimpleNamespace(
        batch_tables=[], producer=None, should_stop=True, address="127.0.0.1:1", conf=SimpleNamespace(id="test")
    )
    table = BatchTable(app, "table", source="source", changelog="log", version_of=version_of, stores=stores)
    table.assign({0}, 1)
    assert not await Recovery(app)._attach(app.address)
    table.close()
    store = stores.open("log", 0, version_of)
    assert len(store.view) == 3
    store.close()
    stores.close()


def test_what_is_worked_on_is_not_emptied_when_another_partition_comes(tmp_path: Path) -> None:
    stores = RocksStores(tmp_path)
    app: Any = SimpleNamespace(batch_tables=[], producer=None)
    table = BatchTable(app, "table", source="source", changelog="log", version_of=version_of, stores=stores)
    table.assign({0}, 1)
    table.attach(LOG)
    part = table._partitions[0]
    part.store.apply({b"a": b"x@1"}, None, 1)
    part.reading.done = True
    part.recovered.set()
    table.assign({0, 1}, 2)
    table.attach("made anew meanwhile")
    assert dict(table.partition(0)) == {b"a": b"x@1"}
    table.close()
    stores.close()
