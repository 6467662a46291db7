"""Classification of ClickHouse's errors: transient, caused by rows, or caused by the set-up.

Codes: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
"""

import re
from enum import Enum, auto
from typing import Final


class ErrorKind(Enum):
    """How to handle an error."""

    RETRY = auto()  # transient, or fixed by a person outside of Touchline: retry without an end
    CONTENT = auto()  # a row is at fault: find it
    UNKNOWN = auto()  # retry; after three identical answers, search for a row at fault


# Answers of an engine whose disk is full, failing or unreachable, depending on what it was doing.
_DISK: Final = {
    243: "not enough space: the disk is full",
    **dict.fromkeys(
        (74, 75, 76, 77, 83, 87, 88, 107, 172, 204, 214, 294, 363, 400, 424, 458, 521, 531, 586, 641, 734, 771),
        "a file cannot be written or read: the disk may be full or failing",
    ),
    **dict.fromkeys((272, 273, 274, 275, 402, 625, 678, 679), "the disk cannot be read or written"),
}
_OVERLOAD: Final = {
    159: "timeout exceeded",
    160: "too slow",
    173: "memory cannot be allocated",
    201: "quota exceeded",
    202: "too many simultaneous queries",
    241: "memory limit exceeded",
    252: "too many parts",
    301: "cannot start a process",
    364: "too many requests",
    411: "a thread failed",
    439: "cannot start a thread",
    692: "too many mutations",
    700: "too many sessions",
    745: "server overloaded",
    **dict.fromkeys((749, 762, 763), "too many connections"),
    **dict.fromkeys((776, 777, 778, 1020), "not enough memory or other resources"),
    **dict.fromkeys((1017, 1019), "timeout exceeded: overloaded"),
}
_TRANSIENT: Final = {
    **_DISK,
    **_OVERLOAD,
    3: "unexpected end of file",
    95: "cannot read from a socket",
    96: "cannot write to a socket",
    198: "a host name is not resolved",
    203: "no free connection",
    209: "socket timeout",
    210: "network error",
    236: "aborted: the server is stopping",
    242: "table is read only",
    279: "all connection tries failed",
    285: "too few live replicas",
    319: "unknown status of insert",
    373: "session is locked",
    **dict.fromkeys((384, 738), "a part is locked"),
    394: "query was cancelled",
    425: "system error",
    473: "a lock was waited for too long",
    499: "object storage error",
    **dict.fromkeys((677, 696, 735), "query was cancelled"),
    904: "too many shards away",
    999: "keeper error",
    1002: "unknown exception",
}
_SET_UP: Final = {
    16: "a column is missing: run `touchline migrate`",
    **dict.fromkeys(
        (40, 91, 226, 227, 228, 246, 740),
        "a part of a table is damaged: run `touchline audit`, then `touchline rebuild`",
    ),
    60: "a table is missing: run `touchline migrate`",
    81: "the database is missing: run `touchline migrate`",
    164: "the user may only read: give the address of one who may write",
    192: "unknown user: correct the user in the ClickHouse address",
    193: "wrong password: correct it in the ClickHouse address",
    194: "password required: give it in the ClickHouse address",
    774: "a table is permanently read only: see ClickHouse's log",
    497: "access denied: grant the user INSERT and SELECT on the database",
    516: "wrong user or password: correct them in the ClickHouse address",
}
_CONTENT: Final = frozenset(
    {
        6,  # CANNOT_PARSE_TEXT
        26,  # CANNOT_PARSE_QUOTED_STRING
        27,  # CANNOT_PARSE_INPUT_ASSERTION_FAILED
        32,  # ATTEMPT_TO_READ_AFTER_EOF
        33,  # CANNOT_READ_ALL_DATA
        38,  # CANNOT_PARSE_DATE
        41,  # CANNOT_PARSE_DATETIME
        44,  # ILLEGAL_COLUMN
        53,  # TYPE_MISMATCH
        69,  # ARGUMENT_OUT_OF_BOUND
        70,  # CANNOT_CONVERT_TYPE
        72,  # CANNOT_PARSE_NUMBER
        117,  # INCORRECT_DATA
        128,  # TOO_LARGE_ARRAY_SIZE
        131,  # TOO_LARGE_STRING_SIZE
        190,  # SIZES_OF_ARRAYS_DONT_MATCH
        321,  # VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
        349,  # CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
        407,  # DECIMAL_OVERFLOW
        691,  # UNKNOWN_ELEMENT_OF_ENUM
    }
)


# Exceptions of libraries that ClickHouse passes on (POCO_EXCEPTION, STD_EXCEPTION): only their text has the cause, as
# errno(3) in the words of strerror(3) and std::filesystem, or C++'s name for being out of memory.
_FOREIGN: Final = frozenset({1000, 1001})
_SYSTEM_CAUSE: Final = re.compile(
    r"No space left on device|Disk quota exceeded|Read-only file system|Input/output error|File too large"
    r"|Too many open files|Too many links|Cannot allocate memory|Resource temporarily unavailable|Stale file handle"
    r"|bad_alloc|filesystem_error|No such device|Transport endpoint is not connected"
)


# urllib3's text if no connection could be made. The URL may be long, and the cause follows it.
_NO_CONNECTION: Final = re.compile(
    r"ConnectionPool\(host='(?P<host>[^']*)', port=(?P<port>\d+)\): Max retries exceeded with url: \S* "
    r"\(Caused by \w+\((?P<cause>.*?)\)\)(?: executing|$)",
    re.DOTALL,
)
_ERRNO: Final = re.compile(r"\[Errno -?\d+\] ([\w ]+)")
# The text of driver and engine around the sentence that has the cause.
_WRAPPING: Final = re.compile(
    r"^Received ClickHouse exception, code: \d+, server response: (Code: \d+\. DB::Exception: )?| \(for url \S+\)$"
)


def error_code(error: BaseException) -> int | None:
    """Return the ClickHouse error code of a driver's exception; None if the engine was not reached."""
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else None


def classify(error: BaseException) -> ErrorKind:
    """Return the kind of an error. Errors without a code (connection refused, lost or timed out; proxies) are RETRY."""
    code = error_code(error)
    if code in _FOREIGN and _SYSTEM_CAUSE.search(str(error)):
        return ErrorKind.RETRY
    if code in _CONTENT:
        return ErrorKind.CONTENT
    if code is None or code in _TRANSIENT or code in _SET_UP:
        return ErrorKind.RETRY
    return ErrorKind.UNKNOWN


def is_transient(error: BaseException) -> bool:
    """Return whether an error passes without any change by a person; also if the engine was not reached."""
    code = error_code(error)
    return code is None or code in _TRANSIENT


def describe_error(error: BaseException) -> str:
    """Return one line with the error and, where it is known, what to do."""
    code = error_code(error)
    first_line = _WRAPPING.sub("", " ".join(str(error).split()))[:300]
    if code is None:
        return f"ClickHouse cannot be reached: {_connection_fault(error) or first_line}"
    known = _SET_UP.get(code) or _TRANSIENT.get(code)
    return f"ClickHouse answers {code} ({known}): {first_line}" if known else f"ClickHouse answers {code}: {first_line}"


def _connection_fault(error: BaseException) -> str:
    """Return host, port and cause of a connection that could not be made; empty for any other error."""
    if not (found := _NO_CONNECTION.search(str(error))):
        return ""
    named = _ERRNO.search(found["cause"])
    cause = named[1] if named else found["cause"].strip("\"'")[:200]
    return f"{found['host']}:{found['port']}: {cause}"
