"""Results of reading a value that is not an identifier."""

from dataclasses import dataclass

from schemas.rejected import Reason


@dataclass(frozen=True, slots=True)
class Junk:
    """A value that identifies no person: neither an identifier nor an error. `why` in a few words."""

    why: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that cannot be what its field says. `detail` continues the field's name: "is …", "has …"."""

    reason: Reason
    detail: str
