"""Connections to ClickHouse: addresses, clients by role, and errors that say what to do."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Protocol, cast
from urllib.parse import unquote, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.errors import describe_error, error_code

RETRY_S: Final = 5
_TOO_MANY_QUERIES: Final = 202

Role = Literal["write", "read"]


class Client(Protocol):
    """The used part of a clickhouse-connect client. A client serialises its calls: use one per concurrent caller."""

    database: str | None

    def raw_insert(
        self,
        table: str,
        column_names: Sequence[str],
        insert_block: bytes,
        settings: dict[str, object] | None = None,
        fmt: str | None = None,
        compression: str | None = None,
    ) -> Any:
        """Insert bytes that are already in the format `fmt`."""

    def query(self, query: str, parameters: dict[str, object] | None = None) -> Any:
        """Run a query; its rows are in `.result_rows`."""

    def command(self, cmd: str, parameters: dict[str, object] | None = None) -> Any:
        """Run a statement that returns no rows."""

    def close(self) -> None:
        """Close the connections."""


class StoreUnavailableError(Exception):
    """ClickHouse cannot be used; the message is one sentence. `code` is None if ClickHouse was not reached.

    `is_transient` means that ClickHouse is busy and nothing has to be changed.
    """

    def __init__(self, message: str, code: int | None = None, *, is_transient: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.is_transient = is_transient


@dataclass(frozen=True, slots=True)
class Address:
    """`http(s)://user:password@host:port/database`; `str` and `repr` leave the password out."""

    host: str
    port: int
    database: str
    user: str = "default"
    password: str = field(default="", repr=False)
    secure: bool = False

    def __str__(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.user}@{self.host}:{self.port}/{self.database}"


def parse_address(text: str) -> Address:
    """Parse an address. Raises `ValueError` with a sentence that does not contain the password."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https"):
        raise ValueError(
            "a ClickHouse address begins with http:// or https://, such as http://user:password@host:8123/touchline"
        )
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("the port of the ClickHouse address is no number between 0 and 65535") from error
    if not host:
        raise ValueError("the ClickHouse address has no host; an example is http://user:password@host:8123/touchline")
    database = unquote(parts.path.strip("/"))
    if not database or database == "default" or "/" in database:
        raise ValueError(
            "the ClickHouse address ends with a database of Touchline's own, such as /touchline ('default' is special)"
        )
    secure = parts.scheme == "https"
    return Address(
        host=host,
        port=port or (8443 if secure else 8123),
        database=database,
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        secure=secure,
    )


def connect(address: Address, role: Role, *, timeout_s: int = 60) -> Client:
    """Connect a new client. Raises `StoreUnavailableError`.

    A writer waits for the end of each insert. Times have a zone. The driver's own log is switched off, because callers
    that wait for ClickHouse log that once.
    """
    for name in ("clickhouse_connect", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    settings: dict[str, object] = {"wait_end_of_query": 1} if role == "write" else {}
    try:
        client = clickhouse_connect.get_client(
            host=address.host,
            port=address.port,
            username=address.user,
            password=address.password,
            database=address.database,
            secure=address.secure,
            connect_timeout=10,
            send_receive_timeout=timeout_s,
            autogenerate_session_id=False,
            dedicated_pool=True,
            tz_mode="aware",
            settings=settings,
        )
    except (ClickHouseError, OSError) as error:
        raise StoreUnavailableError(
            _sentence(address, error), error_code(error), is_transient=_is_busy(error)
        ) from error
    return cast(Client, client)


def quote(text: str) -> str:
    """Return a string literal, for VALUES, where not every engine accepts parameters."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def connect_server(address: Address, *, timeout_s: int = 60) -> Client:
    """Connect a writer without a database, which may not exist yet. Raises `StoreUnavailableError`."""
    return connect(replace(address, database=""), "write", timeout_s=timeout_s)


_START: Final = "`touchline up` restarts its own; start any other, or correct TOUCHLINE_CLICKHOUSE"


def _sentence(address: Address, error: BaseException) -> str:
    code = error_code(error)
    where = f"{address.host}:{address.port}"
    if _is_busy(error):
        return f"ClickHouse at {where} is busy: other queries use all its threads; try again in {RETRY_S} s"
    if code in (192, 193, 194, 516):
        what = "correct the user or the password in TOUCHLINE_CLICKHOUSE"
        return f"ClickHouse at {where} refuses user '{address.user}': {what}"
    if code == 81:
        return f"ClickHouse at {where} has no database '{address.database}': run `touchline migrate`, which creates it"
    if code is None:
        return f"ClickHouse at {where} cannot be reached: {_START}"
    return f"ClickHouse at {where}: {describe_error(error)}"


def _is_busy(error: BaseException) -> bool:
    """Return whether ClickHouse was reached and is busy: it refuses for that reason, or does not answer in time."""
    return error_code(error) == _TOO_MANY_QUERIES or "read timed out" in str(error).lower()
