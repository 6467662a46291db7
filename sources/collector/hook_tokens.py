"""Tokens of webhooks whose signature does not cover the event, each with the body it came with.

One who has seen such a request could otherwise send any event with its signature. A request that is repeated byte for
byte is accepted: its answer may have been lost, and event ids make it count once.

A token is remembered for as long as its request may be repeated, and only after the request has been verified, so one
without a secret cannot fill the memory. Each collector remembers its own tokens, until it stops.
"""

from collections import OrderedDict
from hashlib import blake2b
from typing import Final

MOST_TOKENS: Final = 200_000  # about 75 MB; the oldest are forgotten first
_KEPT_S: Final = 24 * 3_600  # longer than an adapter with tokens takes a request for recent
_HASH_BYTES: Final = 16


class HookTokens:
    """The tokens of one collector's webhooks."""

    def __init__(self, most: int = MOST_TOKENS) -> None:
        self._most = most
        self._bodies: OrderedDict[bytes, tuple[bytes, int]] = OrderedDict()  # body and time, by token, oldest first

    def accepts(self, source: str, token: str, body: bytes, received_at_ms: int) -> bool:
        """Return whether the token of a genuine request is new, or came with the same body before; remember it."""
        key = _digest(f"{source}\n{token}".encode("utf-8", "surrogatepass"))
        given = _digest(body)
        former, _ = self._bodies.setdefault(key, (given, received_at_ms))
        while self._bodies and (len(self._bodies) > self._most or self._is_old(received_at_ms)):
            self._bodies.popitem(last=False)
        return former == given

    def _is_old(self, now_ms: int) -> bool:
        _, received_at_ms = next(iter(self._bodies.values()))
        return received_at_ms < now_ms - _KEPT_S * 1_000

    def __len__(self) -> int:
        return len(self._bodies)


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_HASH_BYTES).digest()
