"""The folder of a worker's databases, one for each partition of each table: `<changelog>/<partition>`.

When another worker gets a partition, its database stays here and shortens recovery if the partition returns soon. So a
folder can grow to the size of the whole state, on every worker.
"""

import fcntl
import os
from pathlib import Path
from typing import Any

from streams.fail_fast import OperatorError
from streams.state.rocksdb import RocksStore
from streams.state.store import StateStore
from streams.state.versioned_log import VersionOf

CACHE_BYTES = 64 << 20  # for blocks that were read, of all databases of the worker
UNWRITTEN_BYTES = 64 << 20  # of changes not yet in files, of all databases of the worker
BUFFER_BYTES = 8 << 20  # of these, for one database
BITS_PER_KEY = 10  # of the Bloom filters in memory: 1 in 100 look-ups of an absent key reads a file
OPEN_FILES = 64  # per database
LOG_BYTES = 1 << 20


class StateError(OperatorError):
    """State that cannot be kept on this disk; the message has the reason and what to do."""


class RocksStores:
    """Stores on disk; see `streams.state.store.StateStores`. A folder belongs to one process. Raises StateError."""

    def __init__(self, folder: Path) -> None:
        try:
            import rocksdict
        except ImportError as error:
            raise StateError(
                "TOUCHLINE_STATE=rocksdb needs the package rocksdict, which is not installed: install "
                "touchline[rocksdb], or set TOUCHLINE_STATE=memory."
            ) from error
        self._engine: Any = rocksdict
        self._folder = folder
        self._lock = _lock(folder)
        self._options = self._make_options()

    def open(self, changelog: str, partition: int, version_of: VersionOf | None) -> StateStore:
        """See `StateStores`."""
        return RocksStore(self._engine, self._options, self._folder / changelog / str(partition), version_of)

    def found(self, changelog: str) -> set[int]:
        """See `StateStores`."""
        try:
            names = os.listdir(self._folder / changelog)
        except OSError:
            return set()
        return {int(name) for name in names if name.isdecimal()}

    def close(self) -> None:
        """Release the folder for another process."""
        os.close(self._lock)

    def _make_options(self) -> Any:
        engine = self._engine
        tables = engine.BlockBasedOptions()
        tables.set_block_cache(engine.Cache(CACHE_BYTES))
        tables.set_bloom_filter(BITS_PER_KEY, False)
        tables.set_format_version(5)
        options = engine.Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_block_based_table_factory(tables)
        options.set_write_buffer_size(BUFFER_BYTES)
        options.set_write_buffer_manager(engine.WriteBufferManager(UNWRITTEN_BYTES, False))
        options.set_compression_type(engine.DBCompressionType.lz4())
        options.set_max_open_files(OPEN_FILES)
        options.set_max_log_file_size(LOG_BYTES)
        options.set_keep_log_file_num(1)
        options.set_stats_dump_period_sec(0)
        options.set_stats_persist_period_sec(0)
        return options


def _lock(folder: Path) -> int:
    """Lock the folder for this process. Return the file descriptor that holds the lock until it is closed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StateError(
            f"State cannot be kept in {folder}: {error.strerror}. Set TOUCHLINE_STATE_DIR to a folder that can be "
            f"written to."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise StateError(
            f"The state in {folder} is in use by another worker: give each worker on this machine a "
            f"TOUCHLINE_STATE_DIR of its own."
        ) from error
    return lock
