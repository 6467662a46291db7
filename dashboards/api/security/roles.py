"""Roles of viewers, and what each may ask for."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Role = Literal["admin", "analyst", "support", "dashboard"]
Right = Literal["figures", "lists", "customer", "search", "operations"]
"""`figures`: counts without customers; `lists`: several customers at once; `customer`: one customer by its key;
`search`: the customer of an identifier; `operations`: state of the pipeline and of refused touches."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    "admin": frozenset(get_args(Right)),
    "analyst": frozenset(get_args(Right)),
    "support": frozenset({"figures", "customer", "search"}),
    "dashboard": frozenset({"figures", "lists", "customer", "operations"}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. `session`: the id of a login, '' for a request with a token of its own."""

    role: Role
    token_id: str
    tenant: str
    name: str = ""
    session: str = ""

    def may(self, right: Right) -> bool:
        """Return whether the viewer's role has a right."""
        return right in RIGHTS[self.role]

    @property
    def sees_identifiers(self) -> bool:
        """Whether identifiers and free texts are shown in clear."""
        return self.role != "dashboard"

    @property
    def is_recorded(self) -> bool:
        """Whether each look at a customer is recorded."""
        return self.role == "support"
