"""The context of a query: tenant, time, half-life of scores, and the profile that an identifier belongs to."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from dashboards.answers.audit import Audit, audit
from dashboards.answers.identities import Unknown, resolve
from dashboards.answers.scope import MAX_TENANTS, Scope, tenants
from sinks.clickhouse.client import Client
from touchline.errors import CliError
from touchline.local.discovery import open_reader, settings_here
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules


def now_ms() -> int:
    """Return milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class QueryContext:
    """A query about one tenant's customers at one time."""

    settings: Settings
    client: Client
    scope: Scope
    at_ms: int
    half_life_ms: int

    def resolve(self, text: str) -> str:
        """Return the profile that an identifier belongs to. Raises CliError for an unknown identifier."""
        found = resolve(self.client, self.scope, text, self.settings.phone_region, self.settings.identifiers)
        if isinstance(found, Unknown):
            self.check_tenant()
            raise CliError(found.sentence, code=1)
        return found.profile

    def check_tenant(self) -> None:
        """Raise CliError if the tenant does not exist. To be called when a query found nothing."""
        known = tenants(self.client)
        if known and len(known) < MAX_TENANTS and self.scope.tenant not in known:
            raise CliError(f"There is no tenant {self.scope.tenant!r}; tenants are {', '.join(known)}.", code=1)

    def not_stored_yet(self, text: str) -> CliError:
        """Return the error for a known identifier whose profile ClickHouse does not have yet."""
        return CliError(f"{text} is known, but its profile is not stored yet: try again in a moment.", code=1)

    def audit(self, sample: int = 0, progress: Callable[[str, int, int], None] = lambda what, done, of: None) -> Audit:
        """Recompute everything from the stored touches, and compare."""
        return audit(self.client, self.scope, half_life_ms=self.half_life_ms, sample=sample, progress=progress)


def context_with(settings: Settings, client: Client, tenant: str = "main") -> QueryContext:
    """Return a context for an open connection."""
    return QueryContext(settings, client, Scope(tenant), now_ms(), read_rules(settings.rules).half_life_ms)


def query_context(data: str | None, tenant: str) -> QueryContext:
    """Return the context of a command. Raises CliError."""
    settings = settings_here(data)
    return context_with(settings, open_reader(settings), tenant)
