"""State in memory: changes, deletions and wiping."""

from streams.state.memory import MemoryStore, MemoryStores


def test_changes_are_applied_and_counted() -> None:
    store = MemoryStore(None)
    store.apply({b"a": b"12", b"b": b""}, None, 5)
    assert (dict(store.view), store.position, store.first_offset) == ({b"a": b"12", b"b": b""}, 5, 5)
    assert store.size_bytes == len(b"a12b")
    store.apply({b"a": None, b"b": b"3"}, None, 7)
    assert (dict(store.view), store.position, store.size_bytes) == ({b"b": b"3"}, 7, 2)


def test_the_view_is_read_only_and_current() -> None:
    store = MemoryStore(None)
    view = store.view
    store.apply({b"a": b"1"}, None, 1)
    assert view[b"a"] == b"1"
    assert not hasattr(view, "__setitem__")


def test_a_wiped_store_is_empty() -> None:
    store = MemoryStore(None)
    store.apply({b"a": b"1"}, None, 9)
    store.wipe()
    assert (dict(store.view), store.position, store.size_bytes, store.repairs()) == ({}, 0, 0, [])


def test_a_new_process_starts_empty() -> None:
    stores = MemoryStores()
    assert stores.found("states-changelog") == set()
    assert dict(stores.open("states-changelog", 0, None).view) == {}
