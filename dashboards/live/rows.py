"""Rows of the topic `timeline` as the pages need them: touches, and changes of profiles.

A worker that starts again after a crash sends blocks again. Each reader therefore remembers the last activity offset of
each partition, as the store does, and skips rows up to it.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final

from dashboards.live.hot_list import ProfileChange, net_rank
from dashboards.live.messages import LiveTouch
from dashboards.live.watched_profiles import WatchedProfiles
from dashboards.wording import Value, amount_text, columns, word
from schemas.blocks import BlockHeader, decode_block, decompress_rows
from schemas.channels import CHANNELS
from schemas.column import MONEY, SEPARATOR
from schemas.columns import EVENTS, PROFILES
from schemas.money import SCALE
from schemas.row_layouts import LAYOUTS, upgrade_rows
from schemas.row_reader import EncodedRow, RowReader
from schemas.value_layouts import check_layout

SHOWN_TOUCHES: Final = 50
_FIRST, _FORMER = 1, -1  # values of the column `change`
_ID_BYTES: Final = 8

_READERS: Final = {"events": RowReader(EVENTS), "profiles": RowReader(PROFILES)}
_MONEY: Final = frozenset(column.name for column in EVENTS if column.type == MONEY)


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
            return _touches(self._rows(header, frame), self._watched)
        if header.table == "profiles":
            return Block(profiles=[_profile(row) for row in self._rows(header, frame)])
        return Block()

    def _rows(self, header: BlockHeader, frame: bytes) -> Iterator[EncodedRow]:
        """Yield the rows that were not read before."""
        check_layout(f"The rows of {header.table}", header.layout, LAYOUTS[header.table])
        source = header.table, header.partition
        read_to = self._read_to.get(source, -1)
        if header.last <= read_to:
            return
        reader, rows = _READERS[header.table], decompress_rows(frame)
        if header.layout != LAYOUTS[header.table]:
            rows = upgrade_rows(header.table, rows, reader.columns, header.layout, header.rows)
        for row in reader.rows(rows):
            if header.first > read_to or row["activity_offset"] > read_to:
                yield row
        self._read_to[source] = header.last


def _touches(rows: Iterator[EncodedRow], watched: WatchedProfiles) -> Block:
    block = Block()
    newest: dict[str, deque[tuple[int, EncodedRow]]] = defaultdict(lambda: deque(maxlen=SHOWN_TOUCHES))
    always: dict[str, dict[int, EncodedRow]] = defaultdict(dict)
    for place, row in enumerate(rows):
        change = row["change"]
        if change == _FORMER or row["beyond_window"]:
            continue
        tenant = row["tenant"]
        if change == _FIRST:
            block.counts[tenant][row["channel"]] += 1
        if not row["bot"]:
            newest[tenant].append((place, row))
            if (tenant, row["folded_into"]) in watched:
                always[tenant][place] = row
    for tenant, some in newest.items():
        shown = always[tenant] | dict(some)
        block.touches[tenant] = [_touch(shown[place]) for place in sorted(shown)]
    return block


def _touch(row: EncodedRow) -> LiveTouch:
    channel, type_, owner = row["channel"], row["type"], row["folded_into"]
    names = columns(channel) if channel in CHANNELS else ()
    found = {name: shown for name in names if (shown := _shown(name, row[name])) is not None}
    if "campaign" in names and (tagged := row["campaign_name"]):
        found["campaign"] = tagged
    words = word(channel, type_, found)
    named = SEPARATOR.join((row["tenant"], owner, row["event_id"]))
    return LiveTouch(
        id=blake2b(named.encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES).hexdigest(),
        profile=owner,
        key="",
        channel=channel,
        type=type_,
        title=words.title,
        detail=words.detail,
        occurred_ms=row["occurred_at"],
        received_ms=row["received_at"],
        weight=row["weight"],
    )


def _shown(name: str, value: Any) -> Value | None:
    """Return the value of a column as words have it; None if it is empty."""
    if name in _MONEY and value is not None:
        return amount_text(Decimal(value) / SCALE)
    return None if value == "" else value


def _profile(row: EncodedRow) -> ProfileChange:
    return ProfileChange(
        tenant=row["tenant"],
        profile=row["identifier"],
        parent=row["parent"],
        rank=net_rank(row["rank_pos"], row["rank_neg"]),
        touches=row["touches"],
        bots=row["bots"],
        last_seen_ms=row["last_seen"],
        last_source=row["last_source"],
        country=row["country"],
        device=row["device"],
        name=row["traits"].get("name", ""),
    )
