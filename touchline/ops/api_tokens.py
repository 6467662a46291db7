"""Creating, listing and revoking tokens of the query API, as records of the topic `api-tokens`."""

from typing import Final, get_args

from dashboards.api.security.roles import Role
from dashboards.api.security.tokens import ApiToken
from schemas.raw_touch import LONGEST_ID
from sources.collector.keys.key_format import hash_key, key_id_of, new_key
from touchline.api.tokens import API_TOKENS, PREFIX
from touchline.errors import CliError
from touchline.local.discovery import need_kafka
from touchline.ops.entries import list_entries, revoke_entry
from touchline.settings import Settings
from touchline.worker.key_topic import store_entry
from touchline.worker.stages import topics_of

_WRONG_USE: Final = 2


def create_token(settings: Settings, name: str, role: Role, tenant: str, now_ms: int) -> tuple[str, ApiToken]:
    """Return the token, which is stored nowhere, and its entry. Raises CliError.

    API processes that run have the entry when Kafka has acknowledged it, within milliseconds.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_ID or not name.isprintable():
        raise CliError(f"--name {name!r}: give 1 to {LONGEST_ID} printable characters.", _WRONG_USE)
    if role not in get_args(Role):
        raise CliError(f"--role {role!r}: the roles are {', '.join(get_args(Role))}.", _WRONG_USE)
    need_kafka(settings)
    token = new_key(PREFIX)
    key_hash = hash_key(token)
    entry = ApiToken(key_id_of(key_hash), name, role, tenant, now_ms)
    store_entry(settings, topics_of(settings).api_tokens, API_TOKENS, key_hash, entry)
    return token, entry


def list_tokens(settings: Settings) -> list[ApiToken]:
    """Return the entries of all tokens, the oldest first. Raises CliError."""
    return list_entries(settings, topics_of(settings).api_tokens, API_TOKENS)


def revoke_token(settings: Settings, named: str) -> ApiToken:
    """Revoke a token, named by its id or by itself, and return its entry. Raises CliError if there is none."""
    return revoke_entry(settings, topics_of(settings).api_tokens, API_TOKENS, named)
