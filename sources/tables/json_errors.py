"""Messages about lines that are not JSON (RFC 8259), for the user.

Those of msgspec name no position, or a wrong one: it reports half a surrogate pair as truncated text.
"""

import json
from math import isinf
from typing import Final

_NUMBER_CHARS: Final = 20


class _NotANumberError(ValueError):
    """NaN and Infinity, which `json` accepts although they are not JSON, and 1e999, which it reads as infinity."""


def describe_json_error(line: bytes) -> str:
    """Return what is wrong with a line that msgspec cannot decode."""
    if b"\0" in line:
        return "it has zero bytes: if the file is UTF-16, convert it with `iconv -f UTF-16 -t UTF-8`"
    try:
        json.loads(line.decode(), parse_constant=_refuse_constant, parse_float=_refuse_infinite)
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} of the line is not UTF-8"
    except _NotANumberError as error:
        return str(error)
    except json.JSONDecodeError as error:
        return f"column {error.colno}: {error.msg}"
    except RecursionError:
        return "nested too deeply"
    except ValueError:  # `int` limits the number of digits
        return "a whole number of thousands of digits is too large: write it as text"
    return "a text has half a surrogate pair (one of \\ud800 to \\udfff without the other)"


def _refuse_constant(name: str) -> None:
    raise _NotANumberError(f"{name} is not a JSON number: write null, or omit the field")


def _refuse_infinite(number: str) -> float:
    if isinf(value := float(number)):
        raise _NotANumberError(f"the number {number[:_NUMBER_CHARS]} is too large: write it as text, or omit the field")
    return value
