"""The scores of a past time by the definition: decayed weights of touches, the earliest of each capped list."""

from collections import defaultdict

from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS

_TOUCHES = """
SELECT folded_into, toUnixTimestamp64Milli(occurred_at) AS t_ms, event_id, channel, cap, cap_value, weight, too_late
FROM events FINAL
WHERE tenant = 'main' AND folded_into != '' AND NOT bot AND NOT beyond_window ORDER BY t_ms, event_id
"""


def recount(client: Client, at_ms: int) -> dict[str, float]:
    """Return the net score of every profile with a touch that is no bot's until that time."""
    parents = dict(client.query("SELECT identifier, parent FROM identities FINAL WHERE tenant = 'main'").result_rows)
    places: dict[tuple[object, ...], int] = defaultdict(int)
    scores: dict[str, float] = defaultdict(float)
    for identifier, t_ms, _, channel, cap, cap_value, weight, too_late in client.query(_TOUCHES).result_rows:
        if t_ms > at_ms:
            break
        root = identifier
        while parents.get(root):
            root = parents[root]
        counts = True
        if cap:
            place = (identifier, channel, cap, cap_value, t_ms // DAY_MS)
            places[place] += not too_late
            counts = not too_late and places[place] <= cap
        scores[root] += counts * weight * 2 ** ((t_ms - at_ms) / HALF_LIFE_MS)
    return dict(scores)
