"""The columns of every table the pipeline writes, in the order in which a row's values are encoded.

A row is the concatenation of its values in ClickHouse's `RowBinary` (schemas.row_binary). The last two columns of every
table say which activity record a row came from; by them the store drops rows that it has.
"""

from typing import Final, NamedTuple

from schemas.channels import CHANNELS
from schemas.column import LABEL, TEXT, TIME, Column, columns_of, merge

NO_RANK: Final = -1e300  # the rank of a score of zero: below every other rank, and finite, so every store takes it

SOURCE: Final = columns_of(("activity_partition", "UInt16", 0), ("activity_offset", "UInt64", 0))

_EVENT_ORIGIN: Final = columns_of(
    ("tenant", LABEL, ""),
    ("event_id", TEXT, ""),
    ("channel", LABEL, ""),
    ("type", LABEL, ""),
    ("occurred_at", TIME, 0),  # corrected and clamped
    ("source_at", TIME, 0),  # as the source sent it, clamped to the range of the type
    ("received_at", TIME, 0),
    ("flags", "Array(LowCardinality(String))", ()),  # schemas.flags.Flag
    ("identifiers", "Array(String)", ()),  # namespace:value, strongest first
    ("ids", "Map(LowCardinality(String), String)", {}),  # namespaced ids that do not identify, as sent
    ("source", LABEL, ""),  # sending system
    ("library", LABEL, "", 4),  # program that made the message, such as an SDK
    ("library_version", LABEL, "", 4),
    ("schema_version", "UInt8", 1),
    ("raw_topic", LABEL, ""),
    ("raw_partition", "UInt16", 0),
    ("raw_offset", "UInt64", 0),
    ("revision", "UInt64", 0, 11),
)
# The columns that the channels declare.
EVENT_DETAILS: Final = merge(model.COLUMNS for model in CHANNELS.values())
_EVENT_OUTCOME: Final = columns_of(
    ("properties", "Map(String, String)", {}),  # text as it is, everything else as JSON
    ("numbers", "Map(LowCardinality(String), Float64)", {}, 5),  # properties that are numbers
    ("rule", LABEL, ""),  # the first rule that matched
    ("cap", "UInt32", 0),  # 0: none
    ("cap_value", TEXT, ""),
    ("rules_version", LABEL, ""),
)
# The columns that intake fills and encodes.
EVENT_HEAD: Final = _EVENT_ORIGIN + EVENT_DETAILS + _EVENT_OUTCOME

# The columns that engage adds.
EVENT_TAIL: Final = columns_of(
    ("folded_into", TEXT, ""),  # namespace:value of the strongest identifier; empty without identifiers
    ("weight", "Float64", 0.0),  # 0 for bots, too_late and beyond_window
    ("too_late", "Bool", False),  # its day was closed: no place in caps and sessions
    ("beyond_window", "Bool", False),  # its id may have been forgotten: kept, counted nowhere
    ("change", "Int8", 1, 11),  # 1: first row of the touch; 2: a revision; -1: a former one, out of the rollups
    *SOURCE,
)

PROFILES: Final = columns_of(
    ("tenant", LABEL, ""),
    ("identifier", TEXT, ""),
    ("parent", TEXT, ""),  # not empty if the identifier is part of another profile
    ("touches", "UInt64", 0),
    ("bots", "UInt64", 0),
    ("identifiers", "UInt32", 1),
    ("first_seen", TIME, 0),
    ("last_seen", TIME, 0),
    ("touches_by", "Map(LowCardinality(String), UInt64)", {}),  # by channel
    ("rank_pos", "Float64", NO_RANK),  # score(t) = 2^(rank - t / half_life)
    ("rank_neg", "Float64", NO_RANK),
    ("rank_pos_by", "Map(LowCardinality(String), Float64)", {}),
    ("rank_neg_by", "Map(LowCardinality(String), Float64)", {}),
    ("first_source", TEXT, ""),
    ("first_medium", LABEL, ""),
    ("first_campaign", TEXT, ""),
    ("first_page", TEXT, ""),
    ("last_source", TEXT, ""),
    ("last_medium", LABEL, ""),
    ("last_campaign", TEXT, ""),
    ("last_page", TEXT, ""),
    ("traits", "Map(String, String)", {}),
    ("country", LABEL, ""),
    ("device", LABEL, ""),
    ("rules_version", LABEL, ""),
    *SOURCE,
)

SESSION_PIECES: Final = columns_of(
    ("tenant", LABEL, ""),
    ("folded_into", TEXT, ""),
    ("day", "Date", 0),  # UTC, days since 1970
    ("firsts", "Array(Int64)", ()),  # runs of that day, ms, ascending
    ("lasts", "Array(Int64)", ()),
    ("touches", "Array(UInt32)", ()),
    ("entry_ids", "Array(String)", ()),  # event id of each run's first touch
    ("landing_pages", "Array(String)", ()),  # of the earliest touch of the run that has a page
    ("sources", "Array(String)", ()),  # of the earliest touch of the run that has a source
    *SOURCE,
)

IDENTITIES: Final = columns_of(
    ("tenant", LABEL, ""),
    ("identifier", TEXT, ""),
    ("parent", TEXT, ""),  # empty for a profile of its own
    ("since", TIME, 0),  # the claim's time
    ("why", LABEL, ""),  # claim, shared, vetoed, none
    ("conflicts", "Array(String)", ()),  # other claimants, earliest first
    *SOURCE,
)

PAGE_TIMES: Final = columns_of(
    ("tenant", LABEL, ""),
    ("folded_into", TEXT, ""),
    ("page_id", TEXT, ""),
    ("engaged_ms", "UInt64", 0),  # largest of the pings
    *SOURCE,
)

QUARANTINE: Final = columns_of(
    ("raw_topic", LABEL, ""),
    ("raw_partition", "UInt16", 0),
    ("raw_offset", "UInt64", 0),
    ("received_at", TIME, 0),
    ("reason", LABEL, ""),
    ("detail", TEXT, ""),
    ("original", TEXT, ""),  # the bytes as they were sent
    (
        "sent_again",
        "UInt8",
        0,
    ),  # 1 in the row of a record that was sent again and refused again; the original's row has 0
)

EVENTS: Final = EVENT_HEAD + EVENT_TAIL


class Table(NamedTuple):
    """A table that the store fills. Its migration creates it so, and a twin without storage is made of it.

    `order_by` is the key by which rows replace each other; `engine` names the column whose largest value wins.
    """

    columns: tuple[Column, ...]
    order_by: tuple[str, ...]
    engine: str = "ReplacingMergeTree(activity_offset)"
    partition_by: str = ""


STORE_TABLES: Final = {
    "events": Table(
        EVENTS,
        ("tenant", "folded_id", "occurred_at", "event_id", "channel", "beyond_window"),
        "ReplacingMergeTree",
        "toYear(occurred_at)",
    ),
    "profiles": Table(PROFILES, ("tenant", "identifier")),
    "session_pieces": Table(SESSION_PIECES, ("tenant", "folded_into", "day")),
    "identities": Table(IDENTITIES, ("tenant", "identifier")),
    "page_times": Table(PAGE_TIMES, ("tenant", "folded_into", "page_id"), "ReplacingMergeTree(engaged_ms)"),
}
TABLES: Final = {name: table.columns for name, table in STORE_TABLES.items()}
