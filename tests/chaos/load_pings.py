"""Page views with pings: what trackers report every few seconds, in any order, repeated, before and after the page."""

import json
from random import Random
from typing import Final

from schemas.pings import LONGEST_ENGAGED_MS, Ping
from tests.chaos.load_people import Named

_MOST_PINGS: Final = 6
_LONG_MS: Final = 10 * LONGEST_ENGAGED_MS  # a fault of the sender, which counts as the longest time


def make_pings(random: Random, tenant: str, named: Named, page_id: str, at_ms: int) -> list[tuple[bytes, Ping]]:
    """Return pings of one page view as they are sent, with the meaning of each."""
    to = f"{tenant}|{named.ids[0]}" if named.ids else ""
    made = []
    for _ in range(random.randint(1, _MOST_PINGS)):
        engaged_ms = random.choice((0, random.randrange(90_000), random.randrange(90_000), _LONG_MS))
        message = {
            "type": "ping", "page_id": page_id, "engaged_ms": engaged_ms, "occurred_at": at_ms, **named.fields,
            **({} if tenant == "main" else {"tenant": tenant}),
        }  # fmt: skip
        ping = Ping(to, tenant, "visits", page_id, min(engaged_ms, LONGEST_ENGAGED_MS))
        made.append((json.dumps(message).encode(), ping))
    return made
