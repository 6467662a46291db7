"""A folder of state: it is kept only if it matches the changelog, and belongs to one worker."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from streams.state.recovery import Recovery
from streams.state.rocksdb_directory import RocksStores, StateError
from streams.state.table import ChangelogTable
from tests.streams.state.rocksdb_log import LOG, Record, make_log, read_tail, version_of


@pytest.mark.parametrize(
    ("log_id", "log", "read"),
    [
        (LOG, make_log(b"old"), 1),  # the last record, for comparison
        (LOG, make_log(b"old", 5), 3),
        (LOG, make_log(b"new", 5), 8),  # first the last record, which differs
        (LOG, make_log(b"old", 2), 2),
        ("another", make_log(b"old", 5), 5),
        (None, make_log(b"old", 5), 5),
    ],
    ids=["same", "longer", "other records", "shorter", "created anew", "unknown"],
)
def test_state_is_kept_only_if_it_matches_the_changelog(
    folder: Path, log_id: str | None, log: list[Record], read: int
) -> None:
    stores = RocksStores(folder)
    store = stores.open("log", 0, version_of)
    store.attach(log_id)
    assert read_tail(store, log) == read
    assert dict(store.view) == {record.key: record.value for record in log}
    store.close()
    stores.close()


@pytest.mark.parametrize(("later_s", "length", "read"), [(11 * 3600, 4, 2), (13 * 3600, 4, 4), (13 * 3600, 3, 1)])
def test_state_that_was_unread_for_long_is_restored(
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


def test_a_damaged_database_is_restored(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
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


async def test_state_stays_when_the_worker_stops_before_kafka_has_answered(folder: Path) -> None:
    stores = RocksStores(folder)
    app: Any = SimpleNamespace(
        changelog_tables=[], producer=None, should_stop=True, address="127.0.0.1:1", conf=SimpleNamespace(id="test")
    )
    table = ChangelogTable(app, "table", source="source", changelog="log", version_of=version_of, stores=stores)
    table.assign({0}, 1)
    assert not await Recovery(app)._attach(app.address)
    table.close()
    store = stores.open("log", 0, version_of)
    assert len(store.view) == 3
    store.close()
    stores.close()


def test_state_in_use_is_not_emptied_when_another_partition_arrives(tmp_path: Path) -> None:
    stores = RocksStores(tmp_path)
    app: Any = SimpleNamespace(changelog_tables=[], producer=None)
    table = ChangelogTable(app, "table", source="source", changelog="log", version_of=version_of, stores=stores)
    table.assign({0}, 1)
    table.attach(LOG)
    part = table._partitions[0]
    part.store.apply({b"a": b"x@1"}, None, 1)
    part.cursor.done = True
    part.recovered.set()
    table.assign({0, 1}, 2)
    table.attach("created anew meanwhile")
    assert dict(table.partition(0)) == {b"a": b"x@1"}
    table.close()
    stores.close()
