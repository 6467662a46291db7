"""The engine's errors in the form that clients of ClickHouse parse."""

import errno

import pytest

from deploy.engine.engine_error import UNKNOWN_EXCEPTION, engine_error, parse_error, spool_error


@pytest.mark.parametrize(
    ("text", "code", "sent"),
    [
        (
            "Code: 60. DB::Exception: Unknown table x. (UNKNOWN_TABLE)",
            60,
            "Code: 60. DB::Exception: Unknown table x. (UNKNOWN_TABLE)",
        ),
        (
            "Code: 27. DB::Exception: Code: 27. DB::Exception: Cannot parse. (CANNOT_PARSE). (CANNOT_PARSE)",
            27,
            "Code: 27. DB::Exception: Cannot parse. (CANNOT_PARSE)",
        ),
        (
            "Code: 27. DB::Exception: Cannot parse: (in file/uri /tmp/secret.bin): (at row 1) (CANNOT_PARSE)",
            27,
            "Code: 27. DB::Exception: Cannot parse: (at row 1) (CANNOT_PARSE)",
        ),
    ],
)
def test_the_text_of_an_exception_is_that_of_a_server(text: str, code: int, sent: str) -> None:
    error = parse_error(RuntimeError(text))
    assert (error.code, str(error)) == (code, sent)


def test_errors_of_libraries_have_their_names() -> None:
    error = parse_error(RuntimeError("std::exception. Code: 1001, type: std::bad_alloc, e.what() = std::bad_alloc"))
    assert error.code == 1001
    assert str(error).endswith("(STD_EXCEPTION)")
    assert parse_error(RuntimeError("something else")).code == UNKNOWN_EXCEPTION


def test_an_error_of_our_own() -> None:
    error = engine_error(164, "The user may only read.", "READONLY")
    assert (error.code, str(error)) == (164, "Code: 164. DB::Exception: The user may only read. (READONLY)")


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, 243), (errno.EDQUOT, 243), (errno.ENOMEM, 241), (errno.EIO, 425)]
)
def test_a_body_that_cannot_be_kept(number: int, code: int) -> None:
    assert spool_error(OSError(number, "x")).code == code
