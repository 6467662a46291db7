"""Identity messages and commands on the topic `activity`, which are folded like touches.

Every record is addressed to one identifier and is in that identifier's partition. An identifier is a *key*,
`tenant|namespace:value` (`main|email:bob@example.org`). The tag in front tells a decoder which kind of record follows.
"""

from msgspec import Struct


class Link(Struct, array_like=True, frozen=True, tag_field="kind", tag=2):
    """To a weaker identifier: a touch carried `target` and you.

    `since` None withdraws the claim: `target` claims as many identifiers as the limit allows, all of them seen earlier.
    """

    to: str
    target: str
    version: int  # offset of the record that caused the link, in the partition of `target`
    since: int | None  # epoch ms of the earliest touch that carried both


class Sum(Struct, array_like=True, frozen=True, tag_field="kind", tag=3):
    """To a parent: the total of `child` and everything below it.

    `value` None means that `child` has left, or never was a child.
    """

    to: str
    child: str
    version: int  # offset of the record that caused the sum, in the partition of `child`
    value: bytes | None  # the encoded total; the identity functions do not decode it


class Unlink(Struct, array_like=True, frozen=True, tag_field="kind", tag=4):
    """A command to `to`: set or lift a veto on `target` as its parent; `*` is every parent. The latest command wins."""

    to: str
    target: str
    at: int  # epoch ms of the command; of two at the same time the veto wins
    on: bool


class Claim(Struct, array_like=True, frozen=True, tag_field="kind", tag=5):
    """To `to`: claim these weaker identifiers, as a touch at `at` that carries all of them would.

    A command, or sent for a touch that is in the partition of another of them. It does not count as a touch.
    """

    to: str
    weaker: tuple[str, ...]
    at: int  # epoch ms
