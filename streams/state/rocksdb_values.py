"""The values of a partition in its RocksDB, with a small cache in memory, and the mapping that stages read."""

from collections.abc import Collection, ItemsView, Iterator, Mapping
from typing import Any

DATA = b"k"  # prefix of the keys of values
CACHE_BYTES = 1 << 20  # of a partition's values in memory: about what a batch needs
_ENTRY_BYTES = 100  # of a cached value, besides key and value


class RocksValues(Mapping[bytes, bytes]):
    """The values of an open database. `count` is their number, which its owner keeps."""

    def __init__(self, db: Any, count: int) -> None:
        """`db` is a `rocksdict.Rdict` in raw mode."""
        self._db = db
        self.count = count
        self._cache: dict[bytes, bytes | None] = {}
        self._cached_bytes = 0

    def __getitem__(self, key: bytes) -> bytes:
        value: bytes | None = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def get(self, key: bytes, default: Any = None) -> Any:
        """Return the value of a key, or `default`. It is cached for the write that often follows."""
        if key in self._cache:
            value = self._cache[key]
        else:
            value = self._db.get(DATA + key)
            self.keep(key, value)
        return default if value is None else value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and self.get(key) is not None

    def __iter__(self) -> Iterator[bytes]:
        return (key for key, _ in self.scan(DATA))

    def __len__(self) -> int:
        return self.count

    def items(self) -> ItemsView[bytes, bytes]:
        """Return keys with their values, read in one scan."""
        return _Items(self)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield all keys of the database that have a prefix, without it, and what is stored under them."""
        for key, value in self._db.items(from_key=prefix):
            if not key.startswith(prefix):
                return
            yield key[len(prefix) :], value

    def load(self, keys: Collection[bytes]) -> dict[bytes, bytes]:
        """Return the values of those of `keys` that have one."""
        cache = self._cache
        found = {key: cache[key] for key in keys if key in cache}
        missing = [key for key in keys if key not in cache]
        if missing:
            found |= zip(missing, self._db.get([DATA + key for key in missing]), strict=True)
        return {key: value for key, value in found.items() if value is not None}

    def keep(self, key: bytes, value: bytes | None) -> None:
        """Cache a value; None means that the key has none. A full cache is emptied before."""
        if self._cached_bytes > CACHE_BYTES:
            self._cache.clear()
            self._cached_bytes = 0
        self._cache[key] = value
        self._cached_bytes += len(key) + len(value or b"") + _ENTRY_BYTES

    def forget(self, key: bytes) -> None:
        """Remove a key from the cache, because its value in the database changes."""
        self._cache.pop(key, None)


class _Items(ItemsView[bytes, bytes]):
    _mapping: RocksValues

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return self._mapping.scan(DATA)
