"""What an error of ClickHouse is about: the moment, the data, or the surroundings.

Codes: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
"""

from enum import Enum, auto
from typing import Final


class Verdict(Enum):
    """What to do about an error."""

    RETRY = auto()  # passes by itself, or when somebody mends what is around: try again for ever
    CONTENT = auto()  # a row is at fault: find it
    UNKNOWN = auto()  # try again; the same answer three times: look whether a row is at fault


_PASSES: Final = {
    3: "unexpected end of file",
    159: "timeout exceeded",
    198: "a host name is not resolved",
    201: "quota exceeded",
    202: "too many simultaneous queries",
    203: "no free connection",
    209: "socket timeout",
    210: "network error",
    236: "aborted: the server is stopping",
    241: "memory limit exceeded",
    242: "table is read only",
    243: "not enough space: the disk is full",
    252: "too many parts",
    279: "all connection tries failed",
    285: "too few live replicas",
    319: "unknown status of insert",
    373: "session is locked",
    394: "query was cancelled",
    425: "system error",
    439: "cannot start a thread",
    473: "a lock was waited for too long",
    499: "object storage error",
    745: "server overloaded",
    999: "keeper error",
    1002: "unknown exception",
}
_SURROUNDINGS: Final = {
    16: "a column is missing: run `touchline migrate`",
    60: "a table is missing: run `touchline migrate`",
    81: "the database is missing: run `touchline migrate`",
    164: "the user may only read: give the address of one who may write",
    192: "unknown user: correct the user in the ClickHouse address",
    193: "wrong password: correct it in the ClickHouse address",
    194: "password required: give it in the ClickHouse address",
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


def code_of(error: BaseException) -> int | None:
    """The ClickHouse error code an exception of the driver carries; None: it never reached the engine."""
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else None


def judge(error: BaseException) -> Verdict:
    """RETRY also for what has no code: connections refused, cut or timed out, and errors of a proxy in between."""
    code = code_of(error)
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
    first_line = " ".join(str(error).split())[:300]
    if code is None:
        return f"ClickHouse cannot be reached: {first_line}"
    known = _SURROUNDINGS.get(code) or _PASSES.get(code)
    return f"ClickHouse answers {code} ({known}): {first_line}" if known else f"ClickHouse answers {code}: {first_line}"
