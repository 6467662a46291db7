"""Values in a database equal a dictionary, whatever is cached."""

from pathlib import Path

import pytest
import rocksdict

from streams.state import rocksdb_values
from streams.state.rocksdb_values import DATA, RocksValues


def stored(folder: Path, values: dict[bytes, bytes]) -> RocksValues:
    """Return the values of a new database, which also has other entries before and behind them."""
    db = rocksdict.Rdict(str(folder), rocksdict.Options(raw_mode=True))
    for key, value in values.items():
        db[DATA + key] = value
    db[b"a"], db[b"z"] = b"before", b"behind"
    return RocksValues(db, len(values))


@pytest.mark.parametrize("cache_bytes", [0, 1 << 20])
def test_values_are_a_mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_bytes: int) -> None:
    monkeypatch.setattr(rocksdb_values, "CACHE_BYTES", cache_bytes)
    expected = {b"": b"empty key", b"a": b"1", b"b": b"", b"\xff": b"last"}
    values = stored(tmp_path, expected)
    for _ in range(2):  # the second time from the cache, if there is one
        assert dict(values.items()) == dict(values) == expected
        assert list(values) == sorted(expected)
        assert len(values) == len(expected)
        assert b"b" in values
        assert b"c" not in values
        assert values.get(b"c", b"default") == b"default"
        assert values.load([b"a", b"c", b"b"]) == {b"a": b"1", b"b": b""}
    with pytest.raises(KeyError):
        values[b"c"]


def test_cached_value_is_read_until_it_is_forgotten(tmp_path: Path) -> None:
    values = stored(tmp_path, {b"a": b"1"})
    values.keep(b"a", None)
    assert b"a" not in values
    assert values.load([b"a"]) == {}
    values.forget(b"a")
    assert values[b"a"] == b"1"
