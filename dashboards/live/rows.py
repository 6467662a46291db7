"""Rows of the topic `timeline` as the pages need them: touches, and changes of profiles.

A worker that starts again after a crash sends blocks again. Each reader therefore remembers the last activity offset of
each partition, as the store does, and skips rows up to it.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final

import msgspec

from dashboards.live.hot_list import ProfileChange, net_rank
from dashboards.live.messages import LiveTouch
from dashboards.live.watched_profiles import WatchedProfiles
from dashboards.wording import Value, amount_text, columns, word
from schemas.blocks import BlockHeader, decode_block, decompress_rows
from schemas.channels import CHANNELS
from schemas.column import MONEY, SEPARATOR, Column
from schemas.columns import EVENTS, PROFILES
from schemas.money import SCALE
from schemas.row_format import split_values
from schemas.row_layouts import LAYOUTS, fill_rows
from schemas.value_layouts import check_layout

SHOWN_TOUCHES: Final = 50
_FIRST, _FORMER = 1, -1  # values of the column `change`
_ID_BYTES: Final = 8

_decode: Final = msgspec.msgpack.Decoder().decode
_EVENT: Final = {column.name: place for place, column in enumerate(EVENTS)}
_PROFILE: Final = {column.name: place for place, column in enumerate(PROFILES)}
_MONEY: Final = frozenset(column.name for column in EVENTS if column.type == MONEY)
Row = Sequence[msgspec.Raw]


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a block that were not read before, by tenant.

    `counts`: new touches by channel. `touches`: the newest `SHOWN_TOUCHES` of people and all of watched profiles,
    oldest first, among them revisions of touches that were counted before; they have no `key` yet. `profiles`: of all
    tenants.
    """

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    touches: dict[str, list[LiveTouch]] = field(default_factory=dict)
    profiles: list[ProfileChange] = field(default_factory=list)


class BlockReader:
    """Reads the blocks of one timeline, in the order of each partition."""

    def __init__(self, watched: WatchedProfiles) -> None:
        self._watched = watched
        self._read_to: dict[tuple[str, int], int] = {}  # table and activity partition -> last offset

    def read(self, value: bytes) -> Block:
        """Return the new rows of a block. Raises NewerLayoutError, and ValueError if the bytes are not a block."""
        header, frame = decode_block(value)
        if header.table == "events":
            return _touches(self._rows(header, frame, EVENTS), self._watched)
        if header.table == "profiles":
            return Block(profiles=[_profile(row) for row in self._rows(header, frame, PROFILES)])
        return Block()

    def _rows(self, header: BlockHeader, frame: bytes, columns_: Sequence[Column]) -> Iterator[Row]:
        """Yield the rows that were not read before."""
        check_layout(f"The rows of {header.table}", header.layout, LAYOUTS[header.table])
        source = header.table, header.partition
        read_to = self._read_to.get(source, -1)
        if header.last <= read_to:
            return
        rows = decompress_rows(frame)
        if header.layout != LAYOUTS[header.table]:
            rows = fill_rows(rows, columns_, header.layout, header.rows)
        width = len(columns_)
        values = split_values(rows, header.rows * width)
        for start in range(0, len(values), width):
            row = values[start : start + width]
            if header.first > read_to or _decode(row[-1]) > read_to:  # the last column is the activity offset
                yield row
        self._read_to[source] = header.last


def _touches(rows: Iterator[Row], watched: WatchedProfiles) -> Block:
    block = Block()
    newest: dict[str, deque[tuple[int, Row]]] = defaultdict(lambda: deque(maxlen=SHOWN_TOUCHES))
    always: dict[str, dict[int, Row]] = defaultdict(dict)
    for place, row in enumerate(rows):
        change = _decode(row[_EVENT["change"]])
        if change == _FORMER or _decode(row[_EVENT["beyond_window"]]):
            continue
        tenant = _decode(row[_EVENT["tenant"]])
        if change == _FIRST:
            block.counts[tenant][_decode(row[_EVENT["channel"]])] += 1
        if not _decode(row[_EVENT["bot"]]):
            newest[tenant].append((place, row))
            if (tenant, _decode(row[_EVENT["folded_into"]])) in watched:
                always[tenant][place] = row
    for tenant, some in newest.items():
        shown = always[tenant] | dict(some)
        block.touches[tenant] = [_touch(shown[place]) for place in sorted(shown)]
    return block


def _touch(row: Row) -> LiveTouch:
    def value(name: str) -> Any:
        return _decode(row[_EVENT[name]])

    channel, type_, owner = value("channel"), value("type"), value("folded_into")
    names = columns(channel) if channel in CHANNELS else ()
    found = {name: shown for name in names if (shown := _shown(name, value(name))) is not None}
    if "campaign" in names and (tagged := value("campaign_name")):
        found["campaign"] = tagged
    words = word(channel, type_, found)
    named = SEPARATOR.join((value("tenant"), owner, value("event_id")))
    return LiveTouch(
        id=blake2b(named.encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES).hexdigest(),
        profile=owner,
        key="",
        channel=channel,
        type=type_,
        title=words.title,
        detail=words.detail,
        occurred_ms=value("occurred_at"),
        received_ms=value("received_at"),
        weight=value("weight"),
    )


def _shown(name: str, value: Any) -> Value | None:
    """Return the value of a column as words have it; None if it is empty."""
    if name in _MONEY and value is not None:
        return amount_text(Decimal(value) / SCALE)
    return None if value == "" else value


def _profile(row: Row) -> ProfileChange:
    def value(name: str) -> Any:
        return _decode(row[_PROFILE[name]])

    return ProfileChange(
        tenant=value("tenant"),
        profile=value("identifier"),
        parent=value("parent"),
        rank=net_rank(value("rank_pos"), value("rank_neg")),
        touches=value("touches"),
        bots=value("bots"),
        last_seen_ms=value("last_seen"),
        last_source=value("last_source"),
        country=value("country"),
        device=value("device"),
        name=value("traits").get("name", ""),
    )
