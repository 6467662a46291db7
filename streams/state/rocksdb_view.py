"""The state of a partition on disk, as the mapping that stages read."""

from collections.abc import ItemsView, Iterator, Mapping
from typing import Any, Protocol


class Source(Protocol):
    """What is asked of the store."""

    @property
    def count(self) -> int:
        """Keys."""

    def find(self, key: bytes) -> bytes | None:
        """The value of a key."""

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """All keys with their values."""


class RocksView(Mapping[bytes, bytes]):
    """The state of a partition, as a mapping."""

    def __init__(self, store: Source) -> None:
        self._store = store

    def __getitem__(self, key: bytes) -> bytes:
        value = self._store.find(key)
        if value is None:
            raise KeyError(key)
        return value

    def get(self, key: bytes, default: Any = None) -> Any:
        """The value of a key."""
        value = self._store.find(key)
        return default if value is None else value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and self._store.find(key) is not None

    def __iter__(self) -> Iterator[bytes]:
        return (key for key, _ in self._store.items())

    def __len__(self) -> int:
        return self._store.count

    def items(self) -> ItemsView[bytes, bytes]:
        """Keys with their values, read in one go."""
        return _Items(self)

    @property
    def store(self) -> Source:
        """Where it is."""
        return self._store


class _Items(ItemsView[bytes, bytes]):
    _mapping: RocksView

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return self._mapping.store.items()
