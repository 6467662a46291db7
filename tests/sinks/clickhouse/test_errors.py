"""Classification of ClickHouse's errors: no transient error sends a row to the quarantine."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from sinks.clickhouse.client import Client
from sinks.clickhouse.errors import ErrorKind, classify, describe_error, is_transient
from sinks.store.retry import Backoff
from sinks.store.stage import Store
from tests.sinks.sample_blocks import event_block
from tests.tables import table

DISK = [74, 75, 76, 77, 83, 87, 88, 107, 172, 204, 214, 243, 272, 275, 294, 400, 424, 458, 521, 531, 586, 641, 734]
OVERLOAD = [159, 160, 173, 201, 202, 203, 209, 210, 241, 252, 364, 439, 692, 745, 749, 762, 776, 778, 1017, 1019]
GOING_AWAY = [3, 95, 96, 236, 242, 279, 285, 319, 394, 425, 473, 499, 677, 735, 999, 1002]
DAMAGED = [40, 91, 226, 227, 228, 246, 740]
ROWS = [6, 26, 27, 32, 33, 38, 41, 44, 53, 69, 70, 72, 117, 128, 131, 190, 321, 349, 407, 691]

SYSTEM_WORDS = [
    "std::exception. Code: 1001, type: std::__1::__fs::filesystem::filesystem_error, e.what() = filesystem error: in "
    'create_directory: No space left on device ["/data/store/tmp_insert_all_1_1_0"]',
    "std::exception. Code: 1001, type: std::bad_alloc, e.what() = std::bad_alloc",
    "std::exception. Code: 1001, type: std::__1::system_error, e.what() = thread: Resource temporarily unavailable",
    "Poco::Exception. Code: 1000, e.code() = 28, File access error: No space left on device",
    "Poco::Exception. Code: 1000, e.code() = 24, Too many open files",
]


@table("code", DISK + OVERLOAD + GOING_AWAY)
def test_transient_errors_are_retried(code: int) -> None:
    error = DatabaseError("no", code=code)
    assert (classify(error), is_transient(error)) == (ErrorKind.RETRY, True)


@pytest.mark.parametrize("code", DAMAGED)
def test_damage_is_retried_and_says_what_to_do(code: int) -> None:
    error = DatabaseError("no", code=code)
    assert (classify(error), is_transient(error)) == (ErrorKind.RETRY, False)
    assert "`touchline rebuild`" in describe_error(error)


@table("code", ROWS)
def test_an_error_about_rows_is_of_the_kind_content(code: int) -> None:
    assert classify(DatabaseError("no", code=code)) is ErrorKind.CONTENT


@pytest.mark.parametrize("text", SYSTEM_WORDS)
def test_a_library_exception_about_the_system_is_retried(text: str) -> None:
    assert classify(DatabaseError(text, code=1000 if "Poco" in text else 1001)) is ErrorKind.RETRY


@pytest.mark.parametrize("code", [395, 469, 1000, 1001, 10_000])
def test_an_unclassified_error_is_unknown(code: int) -> None:
    assert classify(DatabaseError("std::exception. Code: 1001, type: std::bad_cast", code=code)) is ErrorKind.UNKNOWN


def test_the_message_is_the_engines_sentence_without_the_drivers_wrapping() -> None:
    around = "Received ClickHouse exception, code: 243, server response: Code: 243. DB::Exception: "
    error = DatabaseError(f"{around}The engine \nhas stopped. (NAME) (for url http://127.0.0.1:1)", code=243)
    assert (
        describe_error(error)
        == "ClickHouse answers 243 (not enough space: the disk is full): The engine has stopped. (NAME)"
    )


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("HTTPConnection(host='h'): Failed to connect: [Errno 111] Connection refused", "Connection refused"),
        ("HTTPConnection(host='h'): Failed ([Errno -2] Name or service not known)", "Name or service not known"),
        ("Connection to h timed out. (connect timeout=1)", "Connection to h timed out. (connect timeout=1)"),
    ],
)
def test_a_failed_connection_is_described_by_host_port_and_cause(cause: str, expected: str) -> None:
    around = "Error HTTPConnectionPool(host='h', port=1): Max retries exceeded with url: /?a=" + 400 * "b"
    error = OperationalError(f'{around} (Caused by SomeError("{cause}")) executing HTTP request attempt 1 (http://h:1)')
    assert describe_error(error) == f"ClickHouse cannot be reached: h:1: {expected}"


class Refusing:
    """A writer that fails its first `left` inserts, also those into trial tables."""

    def __init__(self, client: Client, error: Exception, left: int) -> None:
        self._client = client
        self._error = error
        self.left = left
        self.database = client.database

    def raw_insert(self, *args: Any, **kwargs: Any) -> Any:
        if self.left > 0:
            self.left -= 1
            raise self._error
        return self._client.raw_insert(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


async def _reread(partition: int, first: int, last: int) -> Sequence[tuple[int, bytes]]:
    raise AssertionError("nothing is read again")


@pytest.mark.parametrize("code", [*DISK, *OVERLOAD, *DAMAGED, 33, 117, 395, 469, 1001, 10_000])
async def test_transient_refusals_quarantine_no_row(connect: Callable[[], Client], client: Client, code: int) -> None:
    """After twenty refusals of every insert the rows are stored once, and the quarantine is empty."""
    refusing = Refusing(connect(), DatabaseError(SYSTEM_WORDS[0] if code == 1001 else "no", code=code), 20)
    store = Store(
        lambda: refusing, _reread, log="k", owner="me", backoff=Backoff(lambda: 0.5, first_s=0.001, longest_s=0.001)
    )
    result = await store.write([(0, event_block("t", 1, range(10)))], 1)
    await store.close()
    assert (result.rows, result.refused, refusing.left) == (10, [], 0)
    assert client.query("SELECT count(), uniqExact(activity_offset) FROM events").result_rows == [(10, 10)]
    assert client.query("SELECT sum(touches) FROM touches_by_hour").result_rows == [(10,)]
    assert client.query("SELECT count() FROM quarantine").result_rows == [(0,)]
