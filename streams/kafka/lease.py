"""The lease: the time for which no other worker can have this one's partitions.

The broker gives a worker's partitions to others only when it has received no heartbeat for the session timeout. So no
other worker has them while the last answered heartbeat was sent less than that ago. After a pause (a stopped process, a
sleeping machine) the lease is over, and the worker does not write until the broker answers again.
"""

import time
from typing import Any, Final

from aiokafka.protocol.group import SyncGroupRequest

SHARE: Final = 0.9  # of the session timeout: the broker's clock started a little before ours


class Lease:
    """The lease of one consumer. Times are monotonic seconds."""

    def __init__(self, session_timeout_s: float) -> None:
        self.until_s = 0.0
        self.joined_s = 0.0  # when the current assignment was requested
        self._length_s = SHARE * session_timeout_s

    def is_held(self) -> bool:
        """Return whether no other worker can have this one's partitions yet."""
        return time.monotonic() < self.until_s

    def renew(self, since_s: float) -> None:
        """Extend the lease: the broker received a request of this worker at `since_s` or later."""
        self.until_s = since_s + self._length_s

    def watch(self, coordinator: Any) -> None:
        """Have each answered heartbeat of aiokafka's coordinator renew the lease from the moment it was sent.

        The time of each request for an assignment is noted, too. A member that does not rejoin when it has to is
        removed from the group though its heartbeats are answered: such answers do not renew.
        """
        send_heartbeat, send_request = coordinator._do_heartbeat, coordinator._send_req

        async def watched_heartbeat() -> bool:
            sent_s = time.monotonic()
            answered = bool(await send_heartbeat())
            if answered and not coordinator._rejoin_needed_fut.done():
                self.renew(sent_s)
            return answered

        async def watched_request(request: Any) -> Any:
            if isinstance(request, SyncGroupRequest):
                self.joined_s = time.monotonic()
            return await send_request(request)

        coordinator._do_heartbeat, coordinator._send_req = watched_heartbeat, watched_request
