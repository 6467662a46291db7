"""Errors of the engine in the form in which a ClickHouse server reports them: number, sentence, name.

Clients parse this form, so the engine's own text is kept as far as a server would send it.
"""

import errno
import re
from typing import Final

SYNTAX_ERROR: Final = 62
UNKNOWN_FORMAT: Final = 73
UNKNOWN_DATABASE: Final = 81
READONLY: Final = 164
MEMORY_LIMIT_EXCEEDED: Final = 241
NOT_ENOUGH_SPACE: Final = 243
TOO_MANY_ROWS_OR_BYTES: Final = 396
SYSTEM_ERROR: Final = 425
UNKNOWN_EXCEPTION: Final = 1002

# `Code: 27. DB::Exception: Code: 27. DB::Exception: ..`: the engine may wrap an error of its reader in one of its own.
_CODE: Final = re.compile(r"(?:Code: (\d+)\. DB::Exception: )+")
# Exceptions of libraries, as the engine passes them on: `std::exception. Code: 1001, type: std::bad_alloc, ..`.
_FOREIGN_CODE: Final = re.compile(r"Code: (100[01]), ")
_FOREIGN_NAMES: Final = {1000: "POCO_EXCEPTION", 1001: "STD_EXCEPTION"}
# What only an INSERT from a file adds to the text (deploy.engine.access.infile), and a name that is given twice.
_SPOOL: Final = re.compile(r":? ?\(in file/uri [^()]*\)|: While executing File: data for INSERT was parsed from file")
_TWICE: Final = re.compile(r"( \([A-Z_]+\))( \(version [^()]*\))?\.\1$")


class EngineError(Exception):
    """A refused or failed call. `code` is ClickHouse's number, the message the text that a server would send."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


def engine_error(code: int, why: str, name: str) -> EngineError:
    """Return an error of our own in the engine's form. `name` is ClickHouse's name of the code."""
    return EngineError(code, f"Code: {code}. DB::Exception: {why} ({name})")


def parse_error(raised: RuntimeError | UnicodeDecodeError) -> EngineError:
    """Return the error that an exception of the engine describes.

    An error that quotes bytes which are no UTF-8 comes as a UnicodeDecodeError; the bytes are escaped as `\\xff`.
    """
    text = raised.object.decode(errors="backslashreplace") if isinstance(raised, UnicodeDecodeError) else str(raised)
    if found := _CODE.search(text):
        why = _TWICE.sub(r"\1\2", _SPOOL.sub("", text[found.end() :]).strip())
        return EngineError(int(found.group(1)), f"Code: {found.group(1)}. DB::Exception: {why}")
    if found := _FOREIGN_CODE.search(text):
        code = int(found.group(1))
        return engine_error(code, text, _FOREIGN_NAMES[code])
    return engine_error(UNKNOWN_EXCEPTION, text, "UNKNOWN_EXCEPTION")


def spool_error(error: OSError) -> EngineError:
    """Return the error for the body of an INSERT that could not be written to a file."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return engine_error(NOT_ENOUGH_SPACE, f"No room for the body of the INSERT: {error}.", "NOT_ENOUGH_SPACE")
    if error.errno == errno.ENOMEM:
        why = f"No memory for the body of the INSERT: {error}."
        return engine_error(MEMORY_LIMIT_EXCEEDED, why, "MEMORY_LIMIT_EXCEEDED")
    why = f"The body of the INSERT cannot be passed to the engine: {error}."
    return engine_error(SYSTEM_ERROR, why, "SYSTEM_ERROR")
