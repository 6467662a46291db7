"""The access log: one JSON object a line, without addresses, agents, paths, queries and keys.

A line names the route instead of the path, and the id of the write key, which is no secret.
"""

from typing import Final, TextIO

import msgspec

_encode: Final = msgspec.json.Encoder().encode
_FLUSH_LINES: Final = 1_000


class AccessLog:
    """Lines are kept until `flush`, which the server calls once a second, so that a request costs no system call."""

    def __init__(self, stream: TextIO | None) -> None:
        """`stream`: where lines are written; None writes nothing."""
        self._stream = stream
        self._lines: list[str] = []

    def write(
        self, at_ms: int, method: str, route: str, status: int, seconds: float, body_bytes: int, key_id: str
    ) -> None:
        """Add the line of a request that has been answered. `at_ms`: its arrival, since 1970."""
        if self._stream is None:
            return
        line = {
            "at_ms": at_ms,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1_000, 3),
            "bytes": body_bytes,
            "key": key_id,
        }
        self._lines.append(_encode(line).decode())
        if len(self._lines) >= _FLUSH_LINES:
            self.flush()

    def flush(self) -> None:
        """Write the lines. A log that cannot be written is given up, since touches matter more."""
        if self._stream is None or not self._lines:
            return
        text = "\n".join(self._lines) + "\n"
        self._lines.clear()
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._stream = None
