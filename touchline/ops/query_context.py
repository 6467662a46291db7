"""What every question needs: the time, whose profile is meant, and by which rules scores are made."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from dashboards.answers.audit import Audit, audit
from dashboards.answers.identities import Unknown, resolve
from dashboards.answers.scope import NAMED, Scope, tenants
from sinks.clickhouse.client import Client
from touchline.errors import CliError
from touchline.local.discovery import open_reader, settings_here
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody asks, now, about one tenant's customers."""

    settings: Settings
    client: Client
    scope: Scope
    at_ms: int
    half_life_ms: int

    def resolve(self, text: str) -> str:
        """The profile that an identifier belongs to. Raises CliError for one that nobody has sent."""
        found = resolve(self.client, self.scope, text, self.settings.phone_region, self.settings.identifiers)
        if isinstance(found, Unknown):
            self.check_tenant()
            raise CliError(found.sentence, code=1)
        return found.profile

    def check_tenant(self) -> None:
        """To be called when nothing was found: whether that is for want of the tenant. Raises CliError."""
        known = tenants(self.client)
        if known and len(known) < NAMED and self.scope.tenant not in known:
            raise CliError(f"There is no tenant {self.scope.tenant!r}; tenants are {', '.join(known)}.", code=1)

    def not_yet(self, text: str) -> CliError:
        """An identifier is known, and the profile it belongs to is still on its way."""
        return CliError(f"{text} is known, but its profile has not arrived yet: ask again in a moment.", code=1)

    def audit(self, sample: int = 0, progress: Callable[[str, int, int], None] = lambda what, done, of: None) -> Audit:
        """Everything recomputed from the events."""
        return audit(self.client, self.scope, half_life_ms=self.half_life_ms, sample=sample, progress=progress)


def ask_with(settings: Settings, client: Client, tenant: str = "main") -> Question:
    """A question over a connection that is there."""
    return Question(settings, client, Scope(tenant), now_ms(), read_rules(settings.rules).half_life_ms)


def ask(data: str | None, tenant: str) -> Question:
    """A question of the command line. Raises CliError."""
    settings = settings_here(data)
    return ask_with(settings, open_reader(settings), tenant)
