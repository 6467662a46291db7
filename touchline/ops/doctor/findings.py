"""The result of one check."""

from dataclasses import asdict, dataclass
from typing import Any, Literal


class CheckError(Exception):
    """A sentence: what is wrong and what to do."""


class SkippedCheckError(Exception):
    """A clause that says why something was not checked, such as that no address is set."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, with which result, and what was found: for a problem, what is wrong and what to do."""

    what: str
    result: Literal["ok", "skipped", "PROBLEM"]
    detail: str

    @property
    def ok(self) -> bool:
        """Whether this is no problem."""
        return self.result != "PROBLEM"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)
