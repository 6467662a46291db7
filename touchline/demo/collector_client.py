"""A client of the local system's collector, which sends one touch at a time and repeats it until it is accepted."""

import json
import threading
import urllib.error
import urllib.request
from typing import Final

from sources.outcome import RawTouch

ANSWER_S: Final = 10.0
RETRY_S: Final = 1.0  # where the answer names no time
_LONGEST_ANSWER: Final = 10_000


class NotAcceptedError(Exception):
    """The collector refuses the touch for good, such as for a revoked key."""


class CollectorClient:
    """Sends touches to the collector at `address` with a write key."""

    def __init__(self, address: str, key: str) -> None:
        self._url = f"{address}/v1/touches"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def send(self, channel: str, touch: RawTouch, stop: threading.Event) -> bool:
        """Return True once the touch is accepted, False if `stop` is set before. Raises NotAcceptedError.

        A repetition counts once: the collector derives the event id from the body where a touch has none.
        """
        body = json.dumps({"channel": channel, **touch}).encode()
        while (retry_s := self._try(body)) is not None:
            if stop.wait(retry_s):
                return False
        return True

    def _try(self, body: bytes) -> float | None:
        """Return None if the touch is accepted, or the seconds until the next attempt."""
        request = urllib.request.Request(self._url, body, self._headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_S):
                return None
        except urllib.error.HTTPError as refused:
            if refused.code == 429 or refused.code >= 500:
                return float(refused.headers.get("Retry-After") or RETRY_S)
            answer = refused.read(_LONGEST_ANSWER).decode("utf-8", "replace")
            raise NotAcceptedError(f"The collector answered {refused.code}: {answer}") from refused
        except OSError:  # it is being restarted
            return RETRY_S
