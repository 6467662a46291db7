"""Whose data is meant."""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.run_query import Client, read

NAMED: Final = 20  # tenants that are looked up at most


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything a question about people reads belongs to one tenant."""

    tenant: str = "main"


def tenants(client: Client) -> list[str]:
    """The names of the tenants that have profiles, the first `NAMED` of them."""
    return [str(row["tenant"]) for row in read(client, "tenants", limit=NAMED)]
