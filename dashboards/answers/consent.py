"""What a person agrees to now, by purpose."""

from dataclasses import dataclass

from dashboards.answers.identities import identifiers_of
from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope


@dataclass(frozen=True, slots=True)
class Decision:
    """The latest decision about a purpose.

    `contact_channel` is the way of contact that it is limited to, empty for all. `state` is given or withdrawn, since
    `since_ms` (milliseconds since 1970).
    """

    purpose: str
    contact_channel: str
    state: str
    since_ms: int


def consent(client: Client, scope: Scope, profile: str) -> list[Decision]:
    """Return the decisions about all purposes that named an identifier of the profile (`identities.resolve`)."""
    rows = read(client, "consents_of", tenant=scope.tenant, identifiers=identifiers_of(client, scope, profile))
    return [Decision(row["purpose"], row["contact_channel"], row["decision"], row["since_ms"]) for row in rows]
