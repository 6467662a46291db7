"""State on disk as a mapping."""

from collections.abc import Iterator
from typing import cast

import pytest

from streams.state.rocksdb import RocksStore, RocksView

STATE = {b"a": b"1", b"b": b""}


class Kept:
    """A store that keeps a dictionary."""

    @property
    def count(self) -> int:
        return len(STATE)

    def get(self, key: bytes) -> bytes | None:
        return STATE.get(key)

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        return iter(STATE.items())


def test_it_is_the_mapping_that_the_store_keeps() -> None:
    view = RocksView(cast(RocksStore, Kept()))
    assert dict(view) == dict(view.items()) == STATE
    assert (len(view), list(view), list(view.values())) == (2, [b"a", b"b"], [b"1", b""])
    assert view == STATE


def test_a_key_that_is_not_there() -> None:
    view = RocksView(cast(RocksStore, Kept()))
    assert (view.get(b"a"), view.get(b"b"), view.get(b"c"), view.get(b"c", b"x")) == (b"1", b"", None, b"x")
    assert [key in view for key in (b"a", b"b", b"c", "a", 1)] == [True, True, False, False, False]
    with pytest.raises(KeyError):
        view[b"c"]
