"""The engine itself: one path opened once, each call on a connection of its own.

A connection costs about 1.5 ms and starts with the engine's defaults, so that no setting of one request reaches
another. One more is kept open as long as the process lives, because the engine closes with its last connection. Calls
block, so each needs a thread.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from chdb.state.sqlitelike import Connection

from deploy.engine.access.allow_lists import ClosedNames, closed_names
from deploy.engine.access.infile import insert_from_file, quote
from deploy.engine.access.known_statements import KnownStatements
from deploy.engine.access.read_only import INSERT_SETTINGS, ReadRefusal, RefusalReason, is_closed_setting
from deploy.engine.access.read_permit import ReadPermit, permit_read
from deploy.engine.access.reader_limits import ReaderLimits
from deploy.engine.access.tokenizer import Insert, read_insert, result_format
from deploy.engine.disk.disk_margin import NoSpaceError, SpaceMonitor
from deploy.engine.disk.free_space import margin_of, read_disk_space
from deploy.engine.disk.insert_body import spool
from deploy.engine.engine_call import EngineAnswer, EngineCall
from deploy.engine.engine_error import (
    NOT_ENOUGH_SPACE,
    READONLY,
    SYNTAX_ERROR,
    TOO_MANY_ROWS_OR_BYTES,
    UNKNOWN_DATABASE,
    UNKNOWN_FORMAT,
    engine_error,
    parse_error,
    spool_error,
)
from deploy.engine.query_row import escape_parameter, row_query
from deploy.engine.result_stream import TooLargeError, can_stream, read_pieces

# Without a name of its own the engine answers with that of the machine.
DISPLAY_NAME = "engine"
# In these formats chDB returns a Python object, no bytes.
_PYTHON_FORMATS = frozenset({"arrowtable", "dataframe"})
# One thread reads and writes a body, so that the same body makes the same blocks and a deduplication token holds.
# Several threads would also cost a small INSERT half a millisecond.
_FROM_FILE = {
    "max_threads": "1",
    "max_insert_threads": "1",
    "max_parsing_threads": "1",
    "input_format_parallel_parsing": "0",
}
_REFUSALS = {
    RefusalReason.ACTION: (READONLY, "READONLY"),
    RefusalReason.DATABASE: (UNKNOWN_DATABASE, "UNKNOWN_DATABASE"),
}


class Database:
    """The engine over one path. `max_memory_mb` limits what the engine allocates, and each cache to a 16th of it.

    It writes nothing when less than `min_free_mb` is free on the disk; None means the default of `margin_of`.
    """

    def __init__(
        self,
        path: Path,
        max_memory_mb: int | None = None,
        min_free_mb: int | None = None,
        limits: ReaderLimits | None = None,
    ) -> None:
        self.limits = limits or ReaderLimits()
        self._spool = path / "spool"
        self._spool.mkdir(parents=True, exist_ok=True)
        for left in self._spool.iterdir():
            left.unlink()
        margin = margin_of(read_disk_space(path).size_bytes, min_free_mb)
        # The engine itself begins no merge and no part that would leave less than that free.
        options: dict[str, int | str] = {
            "display_name": DISPLAY_NAME,
            "storage_configuration.disks.default.keep_free_space_bytes": margin.stop_bytes,
        }
        if max_memory_mb is not None:
            options |= _memory_options(max_memory_mb << 20)
        self._address = f"{path}?" + "&".join(f"{name}={value}" for name, value in options.items())
        self._statements = KnownStatements()
        self._kept = Connection(self._address)
        self._space = SpaceMonitor(Connection(self._address), path, margin)
        self.version = self._words("SELECT version()")[0]
        self.timezone = self._words("SELECT timezone()")[0]
        self._settings = frozenset(self._words("SELECT name FROM system.settings"))
        known = (line.split("\t") for line in self._words("SELECT name, alias_to, categories FROM system.functions"))
        self.closed: ClosedNames = closed_names(
            self._words("SELECT name FROM system.table_functions"),
            [(name, alias_of, categories) for name, alias_of, categories in known],
            self._words("SELECT name FROM system.tables WHERE database = 'system'"),
        )

    def run(self, call: EngineCall) -> EngineAnswer:
        """Run one call. Raises EngineError. An INSERT that has returned survives a kill -9."""
        try:
            connection = Connection(self._address)
        except (RuntimeError, UnicodeDecodeError) as error:
            raise parse_error(error) from error
        try:
            insert = None if call.readonly else read_insert(call.sql)
            has_body = insert is not None and bool(call.data or insert.data_at < len(call.sql))
            permit = self._prepare(connection, call, _FROM_FILE if has_body else {})
            if insert is None:
                return self._query(connection, call, permit)
            with self._space.writing():
                return self._insert(connection, call, insert) if has_body else self._query(connection, call)
        except (RuntimeError, UnicodeDecodeError) as error:
            raise parse_error(error) from error
        except NoSpaceError as error:
            raise engine_error(NOT_ENOUGH_SPACE, str(error), "NOT_ENOUGH_SPACE") from error
        except OSError as error:
            raise spool_error(error) from error
        finally:
            connection.close()

    def kill(self, mark: str) -> None:
        """End the query of the call with this mark, if there is one; the engine does so at its next check."""
        connection = Connection(self._address)
        try:
            connection.query(f"KILL QUERY WHERE Settings['log_comment'] = {quote(mark)} ASYNC", "Null")
        finally:
            connection.close()

    def close(self) -> None:
        """Close the engine. No call may be running."""
        self._space.close()
        self._kept.close()

    def _words(self, sql: str) -> list[str]:
        found: list[str] = self._kept.query(sql, "TSV").bytes().decode().split("\n")
        return found[:-1]

    def _prepare(self, connection: Any, call: EngineCall, fixed: Mapping[str, str]) -> ReadPermit | None:
        """Check the call, then set the connection's database and settings; `fixed` ones override those of the call.

        `readonly` is set last, because it forbids further settings.
        """
        permit = self._check_readonly(connection, call) if call.readonly else None
        self._enter(connection, permit.database if permit else call.database, call.home)
        ignored = INSERT_SETTINGS if call.readonly else frozenset()
        known = {name: value for name, value in call.settings.items() if name in self._settings - ignored}
        settings = {"async_insert": "0", **known, **fixed}
        settings |= {"log_comment": call.mark} if call.mark else {}
        settings |= permit.settings if permit else {}
        settings |= self.limits.settings(known) if permit and call.limited else {}
        if call.readonly:
            settings["readonly"] = str(call.readonly)
        connection.query("SET " + ", ".join(f"{name} = {quote(value)}" for name, value in settings.items()))
        return permit

    def _enter(self, connection: Any, database: str, home: str) -> None:
        try:
            connection.query(f"USE {quote(database or home, '`')}")
        except RuntimeError as error:
            if database or parse_error(error).code != UNKNOWN_DATABASE:
                raise

    def _check_readonly(self, connection: Any, call: EngineCall) -> ReadPermit | None:
        """Return the permit of a read-only user's statement. Raises EngineError for a statement that may not run."""
        given = [name for name in call.settings if name in self._settings and name not in INSERT_SETTINGS]
        barred = [name for name in given if is_closed_setting(name)]
        if call.readonly == 1 and barred:
            raise engine_error(READONLY, f"A read-only request may not change the setting {barred[0]}.", "READONLY")
        sql = _text(call.sql + call.data)
        if self._check_single(connection, sql) != "READ_ONLY":
            raise engine_error(
                READONLY, "Cannot execute query in readonly mode: this request may only read.", "READONLY"
            )
        if call.readonly != 1:
            return None
        read = partial(self._statements.read, row_query(connection))
        permit = permit_read(read, sql, call.database, call.home, call.parameters, self.closed)
        if isinstance(permit, ReadRefusal):
            code, name = _REFUSALS[permit.reason]
            raise engine_error(code, permit.why, name)
        return permit

    def _query(self, connection: Any, call: EngineCall, permit: ReadPermit | None = None) -> EngineAnswer:
        sql = _text(call.sql + call.data)
        if not call.readonly:  # that of a reader was checked for its permit
            self._check_single(connection, sql)
        named = permit.format if permit else result_format(call.sql)
        requested = call.format or "TabSeparated"
        if (named or requested).lower() in _PYTHON_FORMATS:
            raise engine_error(UNKNOWN_FORMAT, f"Unknown format {named or requested}.", "UNKNOWN_FORMAT")
        if permit and call.limited and permit.tree is not None and can_stream(permit.tree, sql, named or requested):
            return self._pieces(connection, call, sql, named or requested)
        result = connection.query(sql, requested, params=dict(call.parameters))
        shown = None if named is None else named or requested
        rows_read, rows_written = result.storage_rows_read(), result.rows_written()
        return EngineAnswer(
            result.bytes() or b"", shown, rows_read, rows_written, result.bytes_written(), result.elapsed()
        )

    def _pieces(self, connection: Any, call: EngineCall, sql: str, form: str) -> EngineAnswer:
        try:
            found = read_pieces(connection, sql, form, call.parameters, self.limits.result_bytes)
        except TooLargeError as error:
            most_mb = self.limits.result_bytes >> 20
            why = f"The result is larger than {most_mb} MB, what one query of a read-only user may return."
            raise engine_error(TOO_MANY_ROWS_OR_BYTES, why, "TOO_MANY_ROWS_OR_BYTES") from error
        return EngineAnswer(found.body, form, found.rows_read, elapsed_s=found.elapsed_s)

    def _check_single(self, connection: Any, sql: str) -> str:
        """Return the class of a statement.

        Raises EngineError unless there is one, as a server does; the engine would mix several answers.
        """
        found = connection._conn.classify_query(sql)
        count = found["statement_count"]
        if count > 1:
            raise engine_error(SYNTAX_ERROR, "Multi-statements are not allowed: send one a request.", "SYNTAX_ERROR")
        if count == 0:
            # It does not parse: the engine's parser says where, and nothing runs.
            connection.query("SELECT formatQuery({sql:String})", "Null", params={"sql": escape_parameter(sql)})
        return str(found["query_class"].name)

    def _insert(self, connection: Any, call: EngineCall, insert: Insert) -> EngineAnswer:
        if insert.selects and insert.structure_at is None:
            return self._query(connection, call)
        data = memoryview(call.sql)[insert.data_at :]
        parts = [part for part in (data, memoryview(call.data)) if part]
        form = insert.format or call.format or "Values"
        with spool(parts, self._spool) as path:
            sql = _text(insert_from_file(insert, form, path))
            result = connection.query(sql, "TSV", params=dict(call.parameters))
        return EngineAnswer(b"", None, 0, result.rows_written(), result.bytes_written(), result.elapsed())


def _text(sql: bytes) -> str:
    try:
        return sql.decode("utf-8")
    except UnicodeDecodeError as error:
        raise engine_error(
            SYNTAX_ERROR, f"The statement is not UTF-8 at byte {error.start}.", "SYNTAX_ERROR"
        ) from error


def _memory_options(budget: int) -> dict[str, int]:
    caches = ("mark_cache_size", "primary_index_cache_size", "index_mark_cache_size")
    return {"max_server_memory_usage": budget, **dict.fromkeys(caches, budget // 16)}
