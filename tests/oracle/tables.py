"""Every table as the oracle expects it, for tests of the comparison."""

from collections.abc import Mapping

from tests.chaos.compare_rows import Rank, name_of
from tests.chaos.compare_sums import profile_columns
from tests.chaos.compare_tables import Row
from tests.oracle.records import event_row
from tests.oracle.rollups import Key, Sums, lowest, quality_of
from tests.oracle.site import Expected


def write_out(expected: Expected) -> dict[str, list[Row]]:
    """Return the expected rows by table, in the form of tests.chaos.compare_tables, with `events`."""
    made, stored = expected.rollups, ((touch, touch.one) for touch in expected.touches.values())
    kind, came = ("channel", "type"), ("lead_source", "referrer_class")
    campaign = ("campaign_source", "campaign_medium", "campaign_name", "campaign", "click_id_kind")
    rollups: dict[str, tuple[tuple[str, ...], Mapping[Key, Sums]]] = {
        "minutes": (("tenant", "at", *kind), made.minutes),
        "hours": (("tenant", "at", *kind, *came, "device", "country"), made.hours),
        "days": (("tenant", "day", "at", *kind), made.days),
        "campaigns": (("tenant", "at", "channel", *came, *campaign), made.campaigns),
        "calls": (("tenant", "at", "direction", "type", "queue", "agent", "waited_s"), made.calls),
        "quality": (("tenant", "at", "channel", "source", "flagged"), quality_of(stored)),
    }
    return {
        "events": [event_row(touch, touch.one, expected.rules_version) for touch in expected.touches.values()],
        "quarantine": _quarantine(expected),
        "page_times": [
            dict(zip(("tenant", "folded_into", "page_id", "engaged_ms"), (*view, longest), strict=True))
            for view, longest in expected.page_times.items()
        ],
        "session_pieces": _pieces(expected),
        "sessions": _sessions(expected),
        **{name: [_rollup(columns, *one) for one in rows.items()] for name, (columns, rows) in rollups.items()},
        **_identities(expected),
    }  # fmt: skip


def _who(key: str, column: str = "identifier") -> Row:
    return {"tenant": key.partition("|")[0], column: name_of(key)}


def _quarantine(expected: Expected) -> list[Row]:
    return [
        {
            "raw_topic": topic, "raw_partition": partition, "raw_offset": offset, "reason": one.reason,
            "detail": f"it says {one.word}", "received_at": one.sent.timestamp_ms,
            "original": one.sent.item.raw.value.hex().upper(),
        }
        for (topic, partition, offset), one in expected.refusals.items()
    ]  # fmt: skip


def _identities(expected: Expected) -> dict[str, list[Row]]:
    identities = expected.identities
    rows: dict[str, list[Row]] = {name: [] for name in ("identities", "members", "children", "profiles")}
    for key, place in identities.places.items():
        who, parent = _who(key), name_of(place.parent)
        conflicts = [name_of(one) for one in place.conflicts]
        rows["identities"].append(
            {**who, "parent": parent, "since": place.since_ms, "why": place.why, "conflicts": conflicts}
        )
        rows["members"].append({**who, "profile": name_of(identities.root(key)), "depth": identities.depth(key)})
        if parent:
            rows["children"].append({**who, "parent": parent})
            rows["profiles"].append({**who, "parent": parent})
            continue
        columns = {name: _plain(value) for name, value in profile_columns(expected, expected.profiles[key]).items()}
        rows["profiles"].append({**who, "parent": "", **columns})
    return rows


def _plain(value: object) -> object:
    """Return a value with ranks as plain numbers."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return float(value) if isinstance(value, Rank) else value


def _pieces(expected: Expected) -> list[Row]:
    names = ("firsts", "entry_ids", "lasts", "touches", "landing_pages", "sources")
    return [
        {**_who(key, "folded_into"), "day": day, **dict(zip(names, map(list, zip(*runs, strict=True)), strict=True))}
        for (key, day), runs in expected.pieces.items()
    ]


def _sessions(expected: Expected) -> list[Row]:
    return [
        {
            **_who(root, "profile"), "started_at": one.started_ms, "ended_at": one.ended_ms,
            "duration_s": (one.ended_ms - one.started_ms) / 1000, "touches": one.touches,
            "landing_page": one.landing_page, "source": one.source, "identifiers": list(one.identifiers),
        }
        for root, sessions in expected.sessions.items()
        for one in sessions
    ]  # fmt: skip


def _rollup(names: tuple[str, ...], key: Key, sums: Sums) -> Row:
    return {**dict(zip(names, key, strict=True)), **lowest(sums)}
