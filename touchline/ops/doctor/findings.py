"""The result of one check."""

from dataclasses import dataclass
from typing import Any


class CheckError(Exception):
    """A sentence: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, whether it is in order, and what was found: if it is not, what is wrong and what to do."""

    what: str
    ok: bool
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"what": self.what, "ok": self.ok, "detail": self.detail}
