"""API tokens: what a token allows, and what looks tokens up."""

from typing import Protocol

import msgspec

from dashboards.api.security.roles import Role


class ApiToken(msgspec.Struct, frozen=True):
    """What a token allows. `token_id` names it where it must not be shown. `created_at_ms`: milliseconds since 1970."""

    token_id: str
    name: str
    role: Role
    tenant: str
    created_at_ms: int
    revoked: bool = False


class TokenDirectory(Protocol):
    """The valid tokens."""

    def find(self, key: str) -> ApiToken | None:
        """Return the entry of a token; None if it is unknown or revoked."""

    def find_id(self, token_id: str) -> ApiToken | None:
        """Return the entry with an id; None if it is unknown or revoked."""

    def ready(self) -> str | None:
        """Return why tokens cannot be looked up yet, None if they can."""
