"""What the topic `activity` carries: the system's own words about identity, folded like any touch.

Every record goes to one identifier and lies in that identifier's partition. An identifier is a *key*,
`tenant|namespace:value` (`main|email:bob@example.org`). The tag in front tells a decoder which record it reads.
"""

from msgspec import Struct


class Link(Struct, array_like=True, frozen=True, tag_field="kind", tag=2):
    """To a weaker identifier: `target` was seen with you. `since` None: it does not take you, its places are full."""

    to: str
    target: str
    version: int  # offset, in the target's own partition, of the record that made it so
    since: int | None  # epoch ms; the earliest touch that carried both


class Sum(Struct, array_like=True, frozen=True, tag_field="kind", tag=3):
    """To a parent: what `child` and everything below it come to. `value` None: it has left, or never was yours."""

    to: str
    child: str
    version: int  # offset, in the child's own partition, of the record that made it so
    value: bytes | None  # the child's total, encoded; identity never looks inside


class Unlink(Struct, array_like=True, frozen=True, tag_field="kind", tag=4):
    """A command to `to`: you do not belong to `target` ('*': to nobody), or again you may. The latest word wins."""

    to: str
    target: str
    at: int  # epoch ms of the command; at the same instant the veto wins
    on: bool


class Claim(Struct, array_like=True, frozen=True, tag_field="kind", tag=5):
    """To `to`: you claim these weaker identifiers, as a touch at `at` that names them all would.

    A command, or said of a touch that lies under another of them. It counts as no touch.
    """

    to: str
    weaker: tuple[str, ...]
    at: int  # epoch ms
