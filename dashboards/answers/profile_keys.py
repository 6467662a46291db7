"""Profile keys: short hashes that stand for an identifier in addresses, where logs and histories keep them."""

import re
from hashlib import sha256
from typing import Final

from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope

_BYTES: Final = 10  # as column `profile_key` of `identities` has them (sinks/migrations/030_profile_keys.sql)
_KEY: Final = re.compile(rf"[0-9a-f]{{{2 * _BYTES}}}")


def profile_key(tenant: str, identifier: str) -> str:
    """Return the key of an identifier: 20 hexadecimal digits, from the first bytes of a SHA-256.

    It is no secret: whoever has a key can try which identifier it belongs to.
    """
    return sha256(f"{tenant}|{identifier}".encode()).digest()[:_BYTES].hex()


def identifier_of(client: Client, scope: Scope, key: str) -> str | None:
    """Return the identifier with that key, or None. It need not be a profile: a key outlives a join of profiles."""
    if not _KEY.fullmatch(key):
        return None
    found = read(client, "identifier_of_key", tenant=scope.tenant, key=key)
    return str(found[0]["identifier"]) if found else None
