"""What an error of ClickHouse is about: the moment, the data, or the surroundings.

Codes: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
"""

import re
from enum import Enum, auto
from typing import Final


class Verdict(Enum):
    """What to do about an error."""

    RETRY = auto()  # passes by itself, or when somebody mends what is around: try again for ever
    CONTENT = auto()  # a row is at fault: find it
    UNKNOWN = auto()  # try again; the same answer three times: look whether a row is at fault


# What a disk that is full, failing or out of reach makes the engine answer, depending on what it was about to do.
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
_PASSES: Final = {
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
_SURROUNDINGS: Final = {
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
    774: "a table is read only for good: look at ClickHouse's log",
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
        44,  # ILLEGAL_COLUMN: what the MsgPack format says of a value of the wrong type
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


# Exceptions of libraries that ClickHouse passes on (POCO_EXCEPTION, STD_EXCEPTION): only the text says what they are
# about. errno(3) in words, as strerror(3) and std::filesystem have them, and C++'s name of being out of memory.
_FOREIGN: Final = frozenset({1000, 1001})
_OF_THE_SYSTEM: Final = re.compile(
    r"No space left on device|Disk quota exceeded|Read-only file system|Input/output error|File too large"
    r"|Too many open files|Too many links|Cannot allocate memory|Resource temporarily unavailable|Stale file handle"
    r"|bad_alloc|filesystem_error|No such device|Transport endpoint is not connected"
)


# What urllib3 says once no connection could be made. The URL may be long, and the cause comes after it.
_NO_CONNECTION: Final = re.compile(
    r"ConnectionPool\(host='(?P<host>[^']*)', port=(?P<port>\d+)\): Max retries exceeded with url: \S* "
    r"\(Caused by \w+\((?P<cause>.*?)\)\)(?: executing|$)",
    re.DOTALL,
)
_ERRNO: Final = re.compile(r"\[Errno -?\d+\] ([\w ]+)")
# What the driver and the engine put around the sentence that says what is wrong.
_WRAPPING: Final = re.compile(
    r"^Received ClickHouse exception, code: \d+, server response: (Code: \d+\. DB::Exception: )?| \(for url \S+\)$"
)


def code_of(error: BaseException) -> int | None:
    """The ClickHouse error code an exception of the driver carries; None: it never reached the engine."""
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else None


def judge(error: BaseException) -> Verdict:
    """RETRY also for what has no code: connections refused, cut or timed out, and errors of a proxy in between."""
    code = code_of(error)
    if code in _FOREIGN and _OF_THE_SYSTEM.search(str(error)):
        return Verdict.RETRY
    if code in _CONTENT:
        return Verdict.CONTENT
    if code is None or code in _PASSES or code in _SURROUNDINGS:
        return Verdict.RETRY
    return Verdict.UNKNOWN


def passes(error: BaseException) -> bool:
    """Whether it goes by itself, with nothing to be changed by a person: also what never reached the engine."""
    code = code_of(error)
    return code is None or code in _PASSES


def say(error: BaseException) -> str:
    """One line for a person: what is wrong and, where it is known, what to do."""
    code = code_of(error)
    first_line = _WRAPPING.sub("", " ".join(str(error).split()))[:300]
    if code is None:
        return f"ClickHouse cannot be reached: {_connection_fault(error) or first_line}"
    known = _SURROUNDINGS.get(code) or _PASSES.get(code)
    return f"ClickHouse answers {code} ({known}): {first_line}" if known else f"ClickHouse answers {code}: {first_line}"


def _connection_fault(error: BaseException) -> str:
    """The host, the port and the cause of a connection that was not made; empty for any other error."""
    if not (found := _NO_CONNECTION.search(str(error))):
        return ""
    named = _ERRNO.search(found["cause"])
    cause = named[1] if named else found["cause"].strip("\"'")[:200]
    return f"{found['host']}:{found['port']}: {cause}"
