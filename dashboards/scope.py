"""Whose data is meant."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything a question about people reads belongs to one tenant."""

    tenant: str = "main"
