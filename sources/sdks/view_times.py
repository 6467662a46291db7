"""For how long pages were in front, of pings that do not say so.

Snowplow's trackers send a ping only after an interval in which the visitor did something, and the interval is known to
the page alone. So the time between a page view and its first ping, and between two of its pings, counts up to a limit:
that between two pings without a pause counts whole, and of a pause only the limit.

The pings of a page view are taken in the order of their times, which is how a tracker sends them. A ping that comes
again, or late, adds nothing. Of a page view that is not known, since it was seen by another collector or long ago, the
first ping begins the time: what is stored is then too short, and never too long. The largest time of all pings counts.
"""

from collections import OrderedDict
from hashlib import blake2b
from typing import Final, NamedTuple

from sources.collected import Collected
from sources.sdks.outcome import Outcome

_HASH_BYTES: Final = 16
MOST_VIEWS: Final = 50_000  # at once, about 15 MB; those that were idle longest are forgotten first
LONGEST_INTERVAL_MS: Final = 30_000  # between two pings; customary intervals are 10 to 30 s
_STARTS: Final = frozenset({"page", "screen"})


class _View(NamedTuple):
    seen_at_ms: int  # the latest time of the page view or its pings, by the visitor's clock
    engaged_ms: int


class ViewTimes:
    """The page views of which more pings may come."""

    def __init__(self, most: int = MOST_VIEWS) -> None:
        self._most = most
        self._views: OrderedDict[bytes, _View] = OrderedDict()  # by a hash, since ids may be of any length

    def __len__(self) -> int:
        return len(self._views)

    def complete(self, outcome: Outcome, scope: str = "") -> Outcome:
        """Return a ping with its `engaged_ms`, and any other outcome as it is. `scope`: whose page ids these are."""
        if not isinstance(outcome, Collected) or outcome.channel != "visits":
            return outcome
        touch = outcome.touch
        kind, page_id, at_ms = touch.get("type"), touch.get("page_id"), touch.get("occurred_at")
        if not (isinstance(page_id, str) and isinstance(at_ms, int)) or (kind != "ping" and kind not in _STARTS):
            return outcome
        view = _hash(scope, str(touch.get("anonymous_id", "")), page_id)
        known = self._views.pop(view, _View(at_ms, 0))
        passed_ms = min(max(at_ms - known.seen_at_ms, 0), LONGEST_INTERVAL_MS) if kind == "ping" else 0
        self._views[view] = known = _View(max(at_ms, known.seen_at_ms), known.engaged_ms + passed_ms)
        if len(self._views) > self._most:
            self._views.popitem(last=False)
        return outcome._replace(touch={**touch, "engaged_ms": known.engaged_ms}) if kind == "ping" else outcome


def _hash(*parts: str) -> bytes:
    return blake2b("\n".join(map(repr, parts)).encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
