"""What reading a value can come to when it names nobody."""

from dataclasses import dataclass

from schemas.rejected import Reason


@dataclass(frozen=True, slots=True)
class Junk:
    """A value that stands for nobody: no identifier, and no error. `why` in a few words."""

    why: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """A value that cannot be what its field says. `detail` continues the field's name: "is …", "has …"."""

    reason: Reason
    detail: str
