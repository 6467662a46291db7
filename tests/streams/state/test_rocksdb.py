"""A store on disk equals one in memory after any writes, reads, crashes and restarts."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from streams.state.memory import MemoryStore
from streams.state.rocksdb_directory import RocksStores
from streams.state.store import StateStore
from streams.state.versioned_log import VERSION_HEADER
from tests.scale import scaled
from tests.streams.state.rocksdb_log import LOG, Record, read_tail, version_of

KEYS = st.sampled_from([b"a", b"ab", b"b", b"\x00", b"\xff"])
STATE = {b"a": b"1", b"b": b""}
IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None


def copy_consistently(folder: Path, to: Path) -> None:
    """Copy a folder as of one moment; repeat the copy if RocksDB has merged files meanwhile."""
    while True:
        with suppress(shutil.Error, FileNotFoundError):
            before = measure(folder)
            shutil.copytree(folder, to)
            if measure(folder) == before:
                return
        shutil.rmtree(to, ignore_errors=True)


def measure(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return all files with size and time of the last write."""
    return {path: (about.st_size, about.st_mtime_ns) for path in folder.rglob("*") if (about := path.stat())}


class Stores(RuleBasedStateMachine):
    """An owner and zombies write, and both stores read; the process of the store on disk crashes and restarts."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY))  # in memory, because opening a database syncs to the disk
        self.stores = RocksStores(self.folder / "0")
        self.rocks = self.stores.open("log", 0, version_of)
        self.rocks.attach(LOG)
        self.memory: StateStore = MemoryStore(version_of)
        self.log: list[Record] = []
        self.version = 0
        self.crashes = 0

    @property
    def at_end(self) -> bool:
        return self.rocks.position == self.memory.position == len(self.log)

    @precondition(lambda self: self.at_end)
    @rule(changes=st.dictionaries(KEYS, st.none() | st.binary(max_size=3).map(bytes.hex), min_size=1))
    def write(self, changes: dict[bytes, str | None]) -> None:
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
    def write_as_zombie(self, key: bytes, value: bytes | None, age: int) -> None:
        version = max(0, self.version - age)
        self.version = max(self.version, version)  # the owner has read this record, so its next version is not older
        self.append(key, None if value is None else b"%s@%d" % (value, version), version)

    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        until = data.draw(st.integers(self.rocks.position, len(self.log)))
        for store in (self.rocks, self.memory):
            read_tail(store, self.log, until)

    @rule()
    def get_keys(self) -> None:
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
        """The next process finds the files as they are at this moment."""
        self.crashes += 1
        found = self.folder / str(self.crashes)
        copy_consistently(self.folder / str(self.crashes - 1), found)
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
        """A new owner that reads all of the log has the same state as one that reads the tail."""
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


@pytest.fixture
def view(tmp_path: Path) -> Iterator[Mapping[bytes, bytes]]:
    """The view of a store that has the state `STATE`."""
    stores = RocksStores(tmp_path)
    store = stores.open("log", 0, None)
    store.apply(STATE, None, 2)
    yield store.view
    store.close()
    stores.close()


def test_the_view_is_the_mapping_that_the_store_has(view: Mapping[bytes, bytes]) -> None:
    assert dict(view) == dict(view.items()) == STATE
    assert (len(view), list(view), list(view.values())) == (2, [b"a", b"b"], [b"1", b""])
    assert view == STATE


def test_a_key_that_the_view_lacks(view: Mapping[bytes, bytes]) -> None:
    assert (view.get(b"a"), view.get(b"b"), view.get(b"c"), view.get(b"c", b"x")) == (b"1", b"", None, b"x")
    assert [key in view for key in (b"a", b"b", b"c", "a", 1)] == [True, True, False, False, False]
    with pytest.raises(KeyError):
        view[b"c"]


TestStores = Stores.TestCase
TestStores.settings = settings(max_examples=scaled(20), stateful_step_count=25)
