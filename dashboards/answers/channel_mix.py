"""How many touches each channel and type had."""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span

MAX_KINDS: Final = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """A channel and type with its touches, those of them by bots, and the points that they gave before caps."""

    channel: Clear
    type: Clear
    touches: int
    bots: int
    weight: float


def channel_mix(client: Client, scope: Scope, span: Span) -> list[Kind]:
    """Return the kinds of touches in the hours of a range, the most frequent first."""
    found = read(client, "channel_mix", tenant=scope.tenant, **span.hours_s, limit=MAX_KINDS)
    return [Kind(**row) for row in found]
