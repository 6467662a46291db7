"""The way to ClickHouse: an address, clients by role, and errors a person can act on."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Protocol, cast
from urllib.parse import unquote, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from sinks.clickhouse.errors import code_of, say

RETRY_S: Final = 5
_TOO_MANY_QUERIES: Final = 202

Role = Literal["write", "read"]


class Client(Protocol):
    """What we use of a clickhouse-connect client. One client serialises its calls: take one for each that may wait."""

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
        """Inserts bytes that are already in the format `fmt`."""

    def query(self, query: str, parameters: dict[str, object] | None = None) -> Any:
        """Rows in `.result_rows`."""

    def command(self, cmd: str, parameters: dict[str, object] | None = None) -> Any:
        """A statement without rows."""

    def close(self) -> None:
        """Gives back its connections."""


class StoreUnavailable(Exception):
    """ClickHouse cannot be used; the message is one sentence. `code`: ClickHouse's, None when it was not reached.

    `passes`: it is busy, and nothing has to be changed.
    """

    def __init__(self, message: str, code: int | None = None, *, passes: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.passes = passes


@dataclass(frozen=True, slots=True)
class Address:
    """`http(s)://user:password@host:port/database`. The password is not shown."""

    host: str
    port: int
    database: str
    user: str = "default"
    password: str = field(default="", repr=False)
    secure: bool = False

    def __str__(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.user}@{self.host}:{self.port}/{self.database}"


def parse_address(text: str) -> Address:
    """Raises `ValueError` with a sentence that does not repeat the password."""
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
        raise ValueError("the ClickHouse address names no host, such as http://user:password@host:8123/touchline")
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
    """A client of its own. Raises `StoreUnavailable`.

    A writer waits for the end of each insert and lets repeated blocks pass through views; a reader gets zoned times.
    The driver's own complaints are not heard: whoever waits for ClickHouse says so, once.
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
        raise StoreUnavailable(_sentence(address, error), code_of(error), passes=_is_busy(error)) from error
    return cast(Client, client)


def quote(text: str) -> str:
    """A string literal. Parameters are the better way, but not every engine takes them in VALUES."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def connect_server(address: Address, *, timeout_s: int = 60) -> Client:
    """A writer that needs no database of ours yet. Raises `StoreUnavailable`."""
    return connect(replace(address, database=""), "write", timeout_s=timeout_s)


def _sentence(address: Address, error: BaseException) -> str:
    code = code_of(error)
    where = f"{address.host}:{address.port}"
    if _is_busy(error):
        return f"ClickHouse at {where} is busy: other queries take all its threads; try again in {RETRY_S} s"
    if code in (192, 193, 194, 516):
        what = "correct the user or the password in TOUCHLINE_CLICKHOUSE"
        return f"ClickHouse at {where} refuses user '{address.user}': {what}"
    if code == 81:
        return f"ClickHouse at {where} has no database '{address.database}': run `touchline migrate`, which makes it"
    if code is None:
        return f"ClickHouse at {where} cannot be reached: start it, or correct the address in TOUCHLINE_CLICKHOUSE"
    return f"ClickHouse at {where}: {say(error)}"


def _is_busy(error: BaseException) -> bool:
    """Say whether ClickHouse was reached and is busy: its answer says it, or it does not answer in time."""
    return code_of(error) == _TOO_MANY_QUERIES or "read timed out" in str(error).lower()
