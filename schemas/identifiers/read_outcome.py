"""Results of reading a value that is not an identifier."""

from dataclasses import dataclass

from schemas.rejected import Reason


@dataclass(frozen=True, slots=True)
class Junk:
    """A value that identifies no person: neither an identifier nor an error.

    `why` continues the name of the field, as a detail does.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that is invalid for its field. `detail` continues the name of the field: "is …", "has …"."""

    reason: Reason
    detail: str
