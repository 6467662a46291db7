"""The engine itself: one path opened once, each call on a connection of its own.

A connection costs about 1.5 ms and starts with the engine's defaults, so that nothing one request sets reaches
another; one more is kept open as long as the process lives, because the engine closes with its last connection. Calls
block: give each a thread. The text of an error is kept as it is, that is what ClickHouse's clients know how to read.
"""

import errno
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chdb.state.sqlitelike import Connection

from deploy.engine.access.allow_lists import Reach, reach_of
from deploy.engine.access.infile import insert_from_file, quoted
from deploy.engine.access.read_only import Reason, Refusal, setting_refused
from deploy.engine.access.read_permit import Permit, read_permit
from deploy.engine.access.reader_limits import ReaderLimits
from deploy.engine.access.tokenizer import Insert, read_insert, result_format
from deploy.engine.disk.disk_margin import NoRoomError, RoomKeeper
from deploy.engine.disk.free_space import look, margin_of
from deploy.engine.disk.insert_body import spooled
from deploy.engine.one_row import asking, escaped
from deploy.engine.result_stream import TooLargeError, can_stream, read_pieces

SYNTAX_ERROR, READONLY, UNKNOWN_DATABASE, UNKNOWN_FORMAT, TOO_MANY_ROWS_OR_BYTES = 62, 164, 81, 73, 396
# What chDB answers in these is an object of Python, no bytes.
_PYTHON_FORMATS = frozenset({"arrowtable", "dataframe"})
MEMORY_LIMIT_EXCEEDED, NOT_ENOUGH_SPACE, SYSTEM_ERROR = 241, 243, 425
# One thread reads and writes a body, so that the same body makes the same blocks and a deduplication token holds; and
# several cost a small INSERT half a millisecond.
_FROM_FILE = {
    "max_threads": "1",
    "max_insert_threads": "1",
    "max_parsing_threads": "1",
    "input_format_parallel_parsing": "0",
}
_REFUSALS = {Reason.ACTION: (READONLY, "READONLY"), Reason.DATABASE: (UNKNOWN_DATABASE, "UNKNOWN_DATABASE")}
# `Code: 27. DB::Exception: Code: 27. DB::Exception: ..`: the engine may wrap an error of its reader in one of its own.
_CODE = re.compile(r"(?:Code: (\d+)\. DB::Exception: )+")
# Exceptions of libraries, as the engine passes them on: `std::exception. Code: 1001, type: std::bad_alloc, ..`.
_FOREIGN_CODE = re.compile(r"Code: (100[01]), ")
_FOREIGN_NAMES = {1000: "POCO_EXCEPTION", 1001: "STD_EXCEPTION"}
_SPOOL = re.compile(r":? ?\(in file/uri [^()]*\)|: While executing File: data for INSERT was parsed from file")
_TWICE = re.compile(r"( \([A-Z_]+\))( \(version [^()]*\))?\.\1$")


class EngineError(Exception):
    """The engine refused; `code` is ClickHouse's number, the message its text in the form a server gives it."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Call:
    """One thing to run. `sql` holds the statement, followed by the data of an INSERT unless that is in `data`.

    It runs in `database`, or if that is empty in `home`, or if that does not exist yet in `default`.

    `readonly`, as in ClickHouse: 0 may write, 1 may read and nothing can lift that, 2 may read and change settings.
    `mark` names the call for `Database.kill`; `limited` says whether a reader's limits hold for it.
    """

    sql: bytes
    data: bytes = b""
    database: str = ""
    home: str = "default"
    settings: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    readonly: int = 0
    mark: str = ""
    limited: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: the result in `format` (None: the statement has none), and what the engine counted."""

    body: bytes
    format: str | None
    rows_read: int = 0
    rows_written: int = 0
    bytes_written: int = 0
    elapsed_s: float = 0.0


class Database:
    """The engine over one path. `max_memory_mb` bounds what the engine allocates, each cache to a 16th of it.

    It writes nothing when less than `min_free_mb` is free on the disk (None: as `margin_of` has it).
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
        margin = margin_of(look(path).size_bytes, min_free_mb)
        # The engine's own bookkeeping: it begins no merge and no part that would not leave so much free.
        options = {"storage_configuration.disks.default.keep_free_space_bytes": margin.stop_bytes}
        if max_memory_mb is not None:
            options |= _memory_options(max_memory_mb << 20)
        self._address = f"{path}?" + "&".join(f"{name}={size}" for name, size in options.items())
        self._kept = Connection(self._address)
        self._room = RoomKeeper(Connection(self._address), path, margin)
        self.version = self._words("SELECT version()")[0]
        self.timezone = self._words("SELECT timezone()")[0]
        self._settings = frozenset(self._words("SELECT name FROM system.settings"))
        known = (line.split("\t") for line in self._words("SELECT name, alias_to, categories FROM system.functions"))
        self.reach: Reach = reach_of(
            self._words("SELECT name FROM system.table_functions"),
            [(name, alias_of, categories) for name, alias_of, categories in known],
            self._words("SELECT name FROM system.tables WHERE database = 'system'"),
        )

    def run(self, call: Call) -> Answer:
        """Run one call; EngineError when it is refused. An INSERT that returns is kept, also through a kill -9."""
        try:
            connection = Connection(self._address)
        except RuntimeError as error:
            raise _told(str(error)) from error
        try:
            insert = None if call.readonly else read_insert(call.sql)
            has_body = insert is not None and bool(call.data or insert.data_at < len(call.sql))
            permit = self._prepare(connection, call, _FROM_FILE if has_body else {})
            if insert is None:
                return self._query(connection, call, permit)
            with self._room.writing():
                return self._insert(connection, call, insert) if has_body else self._query(connection, call)
        except RuntimeError as error:
            raise _told(str(error)) from error
        except NoRoomError as error:
            raise refused(NOT_ENOUGH_SPACE, str(error), "NOT_ENOUGH_SPACE") from error
        except OSError as error:
            raise _system_refused(error) from error
        finally:
            connection.close()

    def kill(self, mark: str) -> None:
        """End the query of a call with this mark, if there is one; the engine does so when it next looks."""
        connection = Connection(self._address)
        try:
            connection.query(f"KILL QUERY WHERE Settings['log_comment'] = {quoted(mark)} ASYNC", "Null")
        finally:
            connection.close()

    def close(self) -> None:
        """Close the engine; nothing may be running."""
        self._room.close()
        self._kept.close()

    def _words(self, sql: str) -> list[str]:
        found: list[str] = self._kept.query(sql, "TSV").bytes().decode().split("\n")
        return found[:-1]

    def _prepare(self, connection: Any, call: Call, fixed: Mapping[str, str]) -> Permit | None:
        """Check the call, then give the connection its database and settings, `fixed` ones whatever the call says.

        `readonly` comes last: it bars what follows.
        """
        permit = self._check_readonly(connection, call) if call.readonly else None
        self._enter(connection, permit.database if permit else call.database, call.home)
        known = {name: value for name, value in call.settings.items() if name in self._settings}
        settings = {"async_insert": "0", **known, **fixed}
        settings |= {"log_comment": call.mark} if call.mark else {}
        settings |= permit.settings if permit else {}
        settings |= self.limits.settings(known) if permit and call.limited else {}
        if call.readonly:
            settings["readonly"] = str(call.readonly)
        connection.query("SET " + ", ".join(f"{name} = {quoted(value)}" for name, value in settings.items()))
        return permit

    def _enter(self, connection: Any, database: str, home: str) -> None:
        try:
            connection.query(f"USE {quoted(database or home, '`')}")
        except RuntimeError as error:
            if database or _told(str(error)).code != UNKNOWN_DATABASE:
                raise

    def _check_readonly(self, connection: Any, call: Call) -> Permit | None:
        """Raise for what may not run; for a read-only user, return the database to run in and what to set."""
        barred = [name for name in call.settings if name in self._settings and setting_refused(name)]
        if call.readonly == 1 and barred:
            raise refused(READONLY, f"A read-only request may not change the setting {barred[0]}.", "READONLY")
        sql = _text(call.sql + call.data)
        self._check_single(connection, sql)
        if connection._conn.classify_query(sql)["query_class"].name != "READ_ONLY":
            raise refused(READONLY, "Cannot execute query in readonly mode: this request may only read.", "READONLY")
        if call.readonly != 1:
            return None
        permit = read_permit(asking(connection), sql, call.database, call.home, call.parameters, self.reach)
        if isinstance(permit, Refusal):
            code, name = _REFUSALS[permit.reason]
            raise refused(code, permit.why, name)
        return permit

    def _query(self, connection: Any, call: Call, permit: Permit | None = None) -> Answer:
        sql = _text(call.sql + call.data)
        self._check_single(connection, sql)
        named = permit.format if permit else result_format(call.sql)
        asked = call.format or "TabSeparated"
        if (named or asked).lower() in _PYTHON_FORMATS:
            raise refused(UNKNOWN_FORMAT, f"Unknown format {named or asked}.", "UNKNOWN_FORMAT")
        if permit and call.limited and permit.tree is not None and can_stream(permit.tree, sql, named or asked):
            return self._pieces(connection, call, sql, named or asked)
        result = connection.query(sql, asked, params=dict(call.parameters))
        shown = None if named is None else named or asked
        rows_read, rows_written = result.storage_rows_read(), result.rows_written()
        return Answer(result.bytes() or b"", shown, rows_read, rows_written, result.bytes_written(), result.elapsed())

    def _pieces(self, connection: Any, call: Call, sql: str, form: str) -> Answer:
        try:
            found = read_pieces(connection, sql, form, call.parameters, self.limits.result_bytes)
        except TooLargeError as error:
            most_mb = self.limits.result_bytes >> 20
            why = f"The result is larger than {most_mb} MB, what one query of a read-only user may return."
            raise refused(TOO_MANY_ROWS_OR_BYTES, why, "TOO_MANY_ROWS_OR_BYTES") from error
        return Answer(found.body, form, found.rows_read, elapsed_s=found.elapsed_s)

    def _check_single(self, connection: Any, sql: str) -> None:
        """One statement a request, as a server has it; the engine would run several and mix their answers."""
        count = connection._conn.classify_query(sql)["statement_count"]
        if count > 1:
            raise refused(SYNTAX_ERROR, "Multi-statements are not allowed: send one a request.", "SYNTAX_ERROR")
        if count == 0:
            # It does not parse: the engine's parser says where, without anything run.
            connection.query("SELECT formatQuery({sql:String})", "Null", params={"sql": escaped(sql)})

    def _insert(self, connection: Any, call: Call, insert: Insert) -> Answer:
        if insert.selects and insert.structure_at is None:
            return self._query(connection, call)
        data = memoryview(call.sql)[insert.data_at :]
        parts = [part for part in (data, memoryview(call.data)) if part]
        form = insert.format or call.format or "Values"
        with spooled(parts, self._spool) as path:
            sql = _text(insert_from_file(insert, form, path))
            result = connection.query(sql, "TSV", params=dict(call.parameters))
        return Answer(b"", None, 0, result.rows_written(), result.bytes_written(), result.elapsed())


def refused(code: int, why: str, name: str) -> EngineError:
    """Make an error of our own in the words of the engine's: number, sentence, name."""
    return EngineError(code, f"Code: {code}. DB::Exception: {why} ({name})")


def _told(text: str) -> EngineError:
    if found := _CODE.search(text):
        said = _TWICE.sub(r"\1\2", _SPOOL.sub("", text[found.end() :]).strip())
        return EngineError(int(found.group(1)), f"Code: {found.group(1)}. DB::Exception: {said}")
    if found := _FOREIGN_CODE.search(text):
        code = int(found.group(1))
        return refused(code, text, _FOREIGN_NAMES[code])
    return refused(1002, text, "UNKNOWN_EXCEPTION")


def _system_refused(error: OSError) -> EngineError:
    """Say in ClickHouse's numbers what kept the body of an INSERT from being spooled."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return refused(NOT_ENOUGH_SPACE, f"No room for the body of the INSERT: {error}.", "NOT_ENOUGH_SPACE")
    if error.errno == errno.ENOMEM:
        return refused(
            MEMORY_LIMIT_EXCEEDED, f"No memory for the body of the INSERT: {error}.", "MEMORY_LIMIT_EXCEEDED"
        )
    return refused(SYSTEM_ERROR, f"The body of the INSERT cannot be handed over: {error}.", "SYSTEM_ERROR")


def _text(sql: bytes) -> str:
    try:
        return sql.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(SYNTAX_ERROR, f"The statement is not UTF-8 at byte {error.start}.", "SYNTAX_ERROR") from error


def _memory_options(budget: int) -> dict[str, int]:
    caches = ("mark_cache_size", "primary_index_cache_size", "index_mark_cache_size")
    return {"max_server_memory_usage": budget, **dict.fromkeys(caches, budget // 16)}
