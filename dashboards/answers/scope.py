"""The tenant whose data a query reads."""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.run_query import Client, read

MAX_TENANTS: Final = 20  # that an error message lists


@dataclass(frozen=True, slots=True)
class Scope:
    """The tenant of a query."""

    tenant: str = "main"


def tenants(client: Client) -> list[str]:
    """Return the first `MAX_TENANTS` tenants that have profiles."""
    return [str(row["tenant"]) for row in read(client, "tenants", limit=MAX_TENANTS)]
