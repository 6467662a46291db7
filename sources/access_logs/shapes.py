"""Optional parts of a line of the common log family, by which its format is detected."""

import re
from dataclasses import dataclass

from sources.access_logs.head import has_virtual_host, read_head
from sources.access_logs.lines import quoted_fields, split_line
from sources.access_logs.request import Unreadable
from sources.access_logs.times import parse_time

_ONE_QUOTED = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"\Z')


@dataclass(frozen=True, slots=True)
class Shape:
    """`agent`: whether the line has a referrer and a user agent. `tail`: the text after them. `quoted`: the quoted
    fields of the tail.
    """

    virtual_host: bool
    client: str
    agent: bool
    tail: str
    quoted: tuple[str, ...]

    @property
    def only_quoted(self) -> bool:
        """Whether the tail is one quoted field, as in nginx's `main`."""
        return _ONE_QUOTED.match(self.tail) is not None


def read_shape(text: str) -> Shape | None:
    """Return the shape of a line, or None if it is not of the family or its client is not certain."""
    parts = split_line(text)
    if parts is None or parse_time(parts[1]) is None:
        return None
    virtual_host = has_virtual_host(parts[0].split(" "))
    head = read_head(parts[0], virtual_host)
    if isinstance(head, Unreadable):
        return None
    tail = parts[2][6] or ""
    return Shape(virtual_host, head.client.text, parts[2][5] is not None, tail, tuple(quoted_fields(tail)))
