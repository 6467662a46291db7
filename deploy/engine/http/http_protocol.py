"""ClickHouse's HTTP interface as values: parsing of requests, and status and headers of answers.

https://clickhouse.com/docs/interfaces/http describes it; the statuses are those of its server for the same codes.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.engine.engine_call import EngineAnswer, EngineCall
from deploy.engine.engine_error import EngineError, engine_error
from deploy.engine.http.auth import User

AUTHENTICATION_FAILED, TIMEOUT_EXCEEDED, TOO_MANY_QUERIES = 516, 159, 202
# Parameters of the interface itself; any other is a setting, and is ignored if the engine has no such setting.
_OURS = frozenset({
    "query", "database", "user", "password", "default_format", "query_id", "session_id", "session_timeout",
    "session_check", "close_session", "quota_key", "role", "compress", "decompress", "enable_http_compression",
    "wait_end_of_query", "buffer_size", "readonly", "client_protocol_version", "stacktrace",
})  # fmt: skip

# HTTP statuses of a ClickHouse server by error code; 500 for the others.
_STATUS_OF = {
    **dict.fromkeys((192, 193, 291, 516), 403),
    **dict.fromkeys((16, 46, 47, 60, 81, 82), 404),
    **dict.fromkeys((6, 20, 26, 27, 36, 38, 41, 42, 43, 44, 53, 62, 69, 70, 72, 73, 117, 130, 131, 321, 456, 457), 400),
    48: 501,
    158: 413,
    202: 503,
    307: 413,
    159: 408,
    209: 503,
    439: 503,
}

_CONTENT_TYPES = (
    ("JSONEachRow", "application/x-ndjson; charset=UTF-8"),
    ("JSON", "application/json; charset=UTF-8"),
    ("CSV", "text/csv; charset=UTF-8"),
    ("TabSeparated", "text/tab-separated-values; charset=UTF-8"),
    ("TSV", "text/tab-separated-values; charset=UTF-8"),
    ("XML", "application/xml; charset=UTF-8"),
    ("Native", "application/octet-stream"),
    ("RowBinary", "application/octet-stream"),
    ("MsgPack", "application/octet-stream"),
    ("Arrow", "application/octet-stream"),
    ("Parquet", "application/octet-stream"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request: method, headers (names in any case), parameters, and the decompressed body."""

    method: str
    headers: Mapping[str, str]
    parameters: Mapping[str, str]
    body: bytes


def query_id(parameters: Mapping[str, str]) -> str:
    """Return the id that the client gave its query, or a new one."""
    return parameters.get("query_id") or str(uuid.uuid4())


def client_revision(parameters: Mapping[str, str]) -> int:
    """Return the revision of the Native format that the client expects, 0 for plain blocks. Raises EngineError."""
    stated = parameters.get("client_protocol_version", "0")
    if not (stated.isascii() and stated.isdigit()):
        why = f"client_protocol_version {stated!r:.40} is no revision: send a number, or leave it out."
        raise engine_error(36, why, "BAD_ARGUMENTS")
    return int(stated[:9])


def read_call(request: Request, user: User) -> EngineCall | None:
    """Return the engine's call for this request of this user; None if it has no statement.

    The statement is in the parameter `query`, in the body, or begins in the parameter and continues in the body. A GET
    may only read, whichever client sends it, so that a link cannot change anything.
    """
    parameters = request.parameters
    statement = parameters.get("query", "").strip().encode()
    sql, data = (statement + b"\n", request.body) if statement else (request.body, b"")
    if not sql.strip():
        return None
    if statement and not _stands_alone(statement):
        sql, data = sql + data, b""
    own = {name: value for name, value in parameters.items() if name.startswith("param_")}
    return EngineCall(
        sql=sql,
        data=data,
        database=parameters.get("database") or request.headers.get("X-ClickHouse-Database", ""),
        home=user.database,
        settings={name: value for name, value in parameters.items() if name not in _OURS and name not in own},
        parameters={name.removeprefix("param_"): value for name, value in own.items()},
        format=request.headers.get("X-ClickHouse-Format") or parameters.get("default_format", ""),
        readonly=_readonly(request, user),
        mark=uuid.uuid4().hex if user.readonly else "",
        limited=user.limited,
    )


def _stands_alone(statement: bytes) -> bool:
    """Return whether the parameter has the whole text of an INSERT (it ends with FORMAT), so that the body is data."""
    last = statement.rstrip(b"; \t\r\n").split()[-2:]
    return len(last) == 2 and last[0].lower() == b"format" and statement[:6].lower() == b"insert"


def _readonly(request: Request, user: User) -> int:
    if user.readonly or request.parameters.get("readonly") == "1":
        return 1
    return 2 if request.method != "POST" or request.parameters.get("readonly") == "2" else 0


def status_of(error: EngineError, has_credentials: bool) -> int:
    """Return the HTTP status of an error; 401 for a request without credentials, so that a browser asks for them."""
    if error.code == AUTHENTICATION_FAILED and not has_credentials:
        return 401
    return _STATUS_OF.get(error.code, 500)


def content_type(form: str | None) -> str:
    """Return the Content-Type of a result in this format."""
    kinds = (kind for start, kind in _CONTENT_TYPES if form and form.startswith(start))
    return next(kinds, "text/plain; charset=UTF-8")


def summary(answer: EngineAnswer) -> str:
    """Return the X-ClickHouse-Summary of an answer. As on a server, written rows include those of views."""
    figures = {
        "read_rows": answer.rows_read,
        "written_rows": answer.rows_written,
        "written_bytes": answer.bytes_written,
        "elapsed_ns": int(answer.elapsed_s * 1e9),
    }
    return json.dumps({name: str(figure) for name, figure in figures.items()}, separators=(",", ":"))
