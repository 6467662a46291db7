"""Errors of fields as clauses in our words, by pydantic's type of error.

The types and their context: https://docs.pydantic.dev/latest/errors/validation_errors/
"""

from collections.abc import Mapping
from typing import Any, Final

_CLAUSES: Final = {
    "missing": "required, and missing",
    "literal_error": "has to be {expected}",
    "string_type": "has to be text",
    "string_too_long": "longer than {max_length} characters",
    "string_pattern_mismatch": "has to match {pattern}",
    "string_unicode": "has characters that are not Unicode",
    "float_type": "has to be a number",
    "int_type": "has to be a whole number",
    "dict_type": "has to be an object",
    "finite_number": "has to be a finite number",
    "greater_than_equal": "has to be at least {ge:g}",
}
_KEY: Final = "[key]"  # ends the place of an error of a key


def describe_error(error: Mapping[str, Any]) -> str:
    """Return the field and what is wrong with it. An error with a reason of ours has its own clause."""
    place = ".".join(str(part) for part in error["loc"] if part != _KEY)
    clause = _CLAUSES.get(error["type"])
    return f"{place}: {error['msg'] if clause is None else clause.format_map(error.get('ctx', {}))}"
