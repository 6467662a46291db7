"""Why a line is no JSON (RFC 8259), in words for the one who has the file.

The fast reader's own words name no place, or a wrong one: it takes half a surrogate pair for a text that was cut.
"""

import json
from math import isinf
from typing import Final

_SHOWN: Final = 20


class _NotANumberError(ValueError):
    """Python's reader takes NaN and Infinity, which are no JSON, and makes infinity of 1e999."""


def describe_json_error(line: bytes) -> str:
    """What is wrong with a line that the fast reader refused."""
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
        return "nested too deep"
    except ValueError:  # Python's own limit for whole numbers
        return "a whole number of thousands of digits is too large: write it as text"
    return "a text has half a surrogate pair (one of \\ud800 to \\udfff without the other)"


def _refuse_constant(name: str) -> None:
    raise _NotANumberError(f"{name} is not a number of JSON: write null, or leave the field out")


def _refuse_infinite(number: str) -> float:
    if isinf(value := float(number)):
        raise _NotANumberError(f"the number {number[:_SHOWN]} is too large: write it as text, or leave the field out")
    return value
