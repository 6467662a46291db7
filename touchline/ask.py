"""What every question needs: the time, and whose profile is meant."""

import time

from dashboards.identities import Unknown, resolve
from dashboards.scope import Scope
from sinks.clickhouse import Client
from touchline.errors import Trouble
from touchline.settings import Settings


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def resolve_or_trouble(client: Client, scope: Scope, text: str, settings: Settings) -> str:
    """The profile that an identifier belongs to. Raises Trouble for one that nobody has sent."""
    found = resolve(client, scope, text, settings.phone_region, settings.identifiers)
    if isinstance(found, Unknown):
        raise Trouble(found.sentence, code=1)
    return found.profile
