"""The comparison finds no error in correct tables, and counts every error in wrong ones."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.chaos.compare import Verdict, check
from tests.chaos.compare_tables import Row
from tests.chaos.load import Load, Sent
from tests.chaos.pipeline import DAY, land
from tests.oracle.site import expect
from tests.oracle.tables import write_out
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules

Tables = dict[str, list[Row]]


def _sent() -> list[Sent]:
    load = Load(1, 150, day_ms=DAY)
    land(load)
    land(load, load.replay("calls"), hours=10)
    return load.sent()


EXPECTED = expect(_sent(), read_rules(None), Settings())
RIGHT = write_out(EXPECTED)


def right() -> Tables:
    """Return a copy of the correct tables, for a test to change."""
    return {name: [dict(row) for row in rows] for name, rows in RIGHT.items()}


def compare_with(tables: Tables) -> Verdict:
    return check(EXPECTED, [tables["events"][:100], tables["events"][100:]], lambda name: tables[name])


def find_row(rows: list[Row], **columns: object) -> Row:
    """Return the first row with these values, or without them where the name ends in `_not`."""
    return next(
        row
        for row in rows
        if all(
            row.get(name.removesuffix("_not")) != value if name.endswith("_not") else row.get(name) == value
            for name, value in columns.items()
        )
    )


def test_correct_tables_have_no_errors() -> None:
    verdict = compare_with(RIGHT)
    assert verdict.ok
    assert verdict.details == []
    assert verdict.drift < 1e-12
    assert min(len(rows) for rows in RIGHT.values()) > 20


def change(table: str, column: str, value: Callable[[Any], object], **which: object) -> Callable[[Tables], None]:
    def tamper(tables: Tables) -> None:
        row = find_row(tables[table], **which)
        row[column] = value(row[column])

    return tamper


def drop(table: str, **which: object) -> Callable[[Tables], None]:
    return lambda tables: tables[table].remove(find_row(tables[table], **which))


def double(table: str, **which: object) -> Callable[[Tables], None]:
    return lambda tables: tables[table].append(find_row(tables[table], **which))


def add(table: str, **columns: object) -> Callable[[Tables], None]:
    """Append a row that was not sent: the first one with these columns changed."""
    return lambda tables: tables[table].append({**tables[table][0], **columns})


def _move_profile(tables: Tables) -> None:
    """Turn a child into a profile of its own."""
    find_row(tables["identities"], why="claim").update(parent="", why="none", since=0)


MUTANTS = [
    ("a touch dropped", drop("events"), {"lost": 1}),
    ("a touch without identifier dropped", drop("events", folded_into=""), {"lost": 1}),
    ("a touch duplicated", double("events"), {"double": 1}),
    ("a touch that was not sent", add("events", event_id="made up"), {"double": 1}),
    ("under another identifier", change("events", "folded_into", lambda _: "email:x@x"), {"double": 1, "lost": 1}),
    ("a weight changed", change("events", "weight", lambda weight: weight + 1), {"wrong_events": 1}),
    ("a column emptied", change("events", "url", lambda _: "", url_not=""), {"wrong_events": 1}),
    ("a flag too many", change("events", "flags", lambda flags: [*flags, "past"]), {"wrong_events": 1}),
    ("received at another time", change("events", "received_at", lambda ms: ms + 1), {"wrong_events": 1}),
    ("another copy's place", change("events", "raw_offset", lambda offset: offset + 10**6), {"wrong_events": 1}),
    ("a shorter view", change("page_times", "engaged_ms", lambda ms: ms + 1), {"wrong_page_times": 1}),
    ("a view dropped", drop("page_times"), {"wrong_page_times": 1}),
    ("a view too many", add("page_times", page_id="made up"), {"wrong_page_times": 1}),
    ("called beyond the window", change("events", "beyond_window", lambda _: True), {"wrong_events": 1}),
    ("a profile dropped", drop("profiles", parent=""), {"wrong_profiles": 1}),
    ("a child's row dropped", drop("profiles", parent_not=""), {"wrong_profiles": 1}),
    ("a profile duplicated", double("profiles"), {"wrong_profiles": 1}),
    ("a profile moved", change("profiles", "parent", lambda _: "customer_id:c1", parent=""), {"wrong_profiles": 1}),
    ("a touch too many", change("profiles", "touches", lambda n: n + 1, parent=""), {"wrong_profiles": 1}),
    ("of another channel", change("profiles", "touches_by", lambda by: {**by, "sms": 1}, parent=""),
     {"wrong_profiles": 1}),
    ("another trait", change("profiles", "traits", lambda _: {"name": "?"}, parent=""), {"wrong_profiles": 1}),
    ("another first page", change("profiles", "first_page", lambda page: page + "?", parent=""), {"wrong_profiles": 1}),
    ("a score higher by a millionth", change("profiles", "rank_pos", lambda rank: rank + 1e-6, parent="",
                                             rank_pos_not=-1e300),
     {"wrong_profiles": 1}),
    ("a channel's score", change("profiles", "rank_pos_by", lambda by: {k: v - 1e-6 for k, v in by.items()}, parent="",
                                 rank_pos_by_not={}), {"wrong_profiles": 1}),
    ("a score of nothing", change("profiles", "rank_neg", lambda _: 1.0, rank_neg=-1e300), {"wrong_profiles": 1}),
    ("an identity dropped", drop("identities"), {"wrong_identities": 1}),
    ("an identity moved", _move_profile, {"wrong_identities": 1}),
    ("since another time", change("identities", "since", lambda ms: ms - 1, why="claim"), {"wrong_identities": 1}),
    ("a conflict forgotten", change("identities", "conflicts", lambda _: [], conflicts_not=[]),
     {"wrong_identities": 1}),
    ("part of another profile", change("members", "profile", lambda _: "email:x@x"), {"wrong_identities": 1}),
    ("not among the children", drop("children"), {"wrong_identities": 1}),
    ("a run longer", change("session_pieces", "lasts", lambda ms: [*ms[:-1], ms[-1] + 1]), {"wrong_sessions": 1}),
    ("a day's runs dropped", drop("session_pieces"), {"wrong_sessions": 1}),
    ("a day too many", add("session_pieces", day=1), {"wrong_sessions": 1}),
    ("a session dropped", drop("sessions"), {"wrong_sessions": 1}),
    ("a session duplicated", double("sessions"), {"wrong_sessions": 1}),
    ("a session of others", change("sessions", "identifiers", lambda _: ["email:x@x"]), {"wrong_sessions": 2}),
    ("a minute with one more", change("minutes", "touches", lambda n: n + 1), {"wrong_rollups": 1}),
    ("a minute dropped", drop("minutes"), {"wrong_rollups": 1}),
    ("an hour's weight", change("hours", "weight", lambda weight: weight + 0.001), {"wrong_rollups": 1}),
    ("an hour too many", add("hours", country="FR"), {"wrong_rollups": 1}),
    ("a day's hour dropped", drop("days"), {"wrong_rollups": 1}),
    ("a form too many", change("campaigns", "forms", lambda n: n + 1), {"wrong_rollups": 1}),
    ("a person missing", change("campaigns", "people", lambda n: n - 1, people_not=0), {"wrong_rollups": 1}),
    ("a call of another wait", change("calls", "waited_s", lambda s: s + 1000), {"wrong_rollups": 2}),
    ("a longer call", change("calls", "talked_ms", lambda ms: ms + 1), {"wrong_rollups": 1}),
    ("a late touch too many", change("quality", "late", lambda n: n + 1), {"wrong_rollups": 1}),
    ("an older newest arrival", change("quality", "newest", lambda ms: ms - 1), {"wrong_rollups": 1}),
    ("a refusal dropped", drop("quarantine"), {"lost": 1}),
    ("refused for another reason", change("quarantine", "reason", lambda _: "fault"), {"wrong_quarantine": 1}),
    ("other bytes", change("quarantine", "original", lambda text: text + "00"), {"wrong_quarantine": 1}),
    ("a detail without the word", change("quarantine", "detail", lambda _: "no"), {"wrong_quarantine": 1}),
    ("a good record refused", add("quarantine", raw_offset=10**9), {"wrong_quarantine": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("tamper", "counts"), [one[1:] for one in MUTANTS], ids=[one[0] for one in MUTANTS])
def test_every_error_is_counted(tamper: Callable[[Tables], None], counts: dict[str, int]) -> None:
    tables = right()
    tamper(tables)
    verdict = compare_with(tables)
    assert {name: count for name, count in verdict.counts.items() if count} == counts
    assert not verdict.ok
    assert len(verdict.details) == sum(counts.values())


@pytest.mark.parametrize("seed", range(3))
def test_order_of_sent_records_does_not_matter(seed: int) -> None:
    sent = _sent()
    Random(seed).shuffle(sent)
    verdict = compare_with(write_out(expect(sent, read_rules(None), Settings())))
    assert verdict.ok, verdict.details


def test_drift_is_the_largest_difference_of_a_score() -> None:
    tables = right()
    find_row(tables["profiles"], parent="", rank_pos_not=-1e300)["rank_pos"] += 3e-11
    assert compare_with(tables).drift == pytest.approx(3e-11 * 0.6931, rel=0.02)
    assert compare_with(tables).ok, "rounding is not an error"


def test_verdicts_add_up_and_show_only_a_few_details() -> None:
    tables = right()
    del tables["events"][:9]
    one, other = compare_with(tables), compare_with(RIGHT)
    other.add(one)
    assert (other.lost, other.ok, len(other.details)) == (9, False, 5)
