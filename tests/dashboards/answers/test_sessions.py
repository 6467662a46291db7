"""Sessions of one profile against the view, which stitches by SQL."""

from dashboards.answers.identities import identifiers_of
from dashboards.answers.scope import Scope
from dashboards.answers.sessions import Session, sessions
from schemas.blocks import compress_rows
from sinks.clickhouse.client import Client
from sinks.store.insert import insert_frames
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import DAY_MS, HOUR_MS, NOON_MS
from tests.sinks.sample_blocks import make_row

MAIN = Scope()
TODAY = NOON_MS // DAY_MS
MIDNIGHT_MS = TODAY * DAY_MS


def test_they_equal_the_view(lived: Client) -> None:
    by_profile: dict[str, list[Session]] = {}
    for profile, started, ended, touches, page, source, identifiers in lived.query(
        """
        SELECT profile, toUnixTimestamp64Milli(started_at), toUnixTimestamp64Milli(ended_at), touches, landing_page,
            source, identifiers
        FROM sessions WHERE tenant = 'main' ORDER BY started_at DESC, ended_at DESC
        """
    ).result_rows:
        by_profile.setdefault(profile, []).append(Session(started, ended, touches, page, source, tuple(identifiers)))
    largest = sorted(by_profile, key=lambda one: -len(by_profile[one]))[:5]
    assert len(by_profile[largest[0]]) > 5
    for profile in largest:
        assert sessions(lived, MAIN, identifiers_of(lived, MAIN, profile)) == by_profile[profile]


def test_runs_meet_over_identifiers_and_midnights_and_long_ones_are_cut(place: Place) -> None:
    def piece(who: str, day: int, *runs: tuple[int, int, str]) -> bytes:
        firsts, lasts, pages = ([run[number] for run in runs] for number in range(3))
        return make_row(
            "session_pieces", tenant="main", folded_into=who, day=day, firsts=firsts, lasts=lasts,
            touches=[2] * len(runs), entry_ids=["e"] * len(runs), landing_pages=pages, sources=[""] * len(runs),
            activity_offset=day + len(runs),
        )  # fmt: skip

    rows = [
        piece("a", TODAY - 9),
        piece("a", TODAY - 1, (MIDNIGHT_MS - HOUR_MS, MIDNIGHT_MS - 60_000, "")),
        piece("b", TODAY, (MIDNIGHT_MS + 60_000, MIDNIGHT_MS + HOUR_MS, "/b")),
        piece("a", TODAY + 7, (MIDNIGHT_MS + 7 * DAY_MS, MIDNIGHT_MS + 8 * DAY_MS - 1, "/long")),
        piece("b", TODAY + 8, (MIDNIGHT_MS + 8 * DAY_MS, MIDNIGHT_MS + 8 * DAY_MS + 5, "")),
    ]
    insert_frames(place.writer, "session_pieces", [compress_rows(rows)])
    assert sessions(place.reader, MAIN, ["a", "b", "a"]) == [
        Session(MIDNIGHT_MS + 8 * DAY_MS, MIDNIGHT_MS + 8 * DAY_MS + 5, 2, "", "", ("b",)),
        Session(MIDNIGHT_MS + 7 * DAY_MS, MIDNIGHT_MS + 8 * DAY_MS - 1, 2, "/long", "", ("a",)),
        Session(MIDNIGHT_MS - HOUR_MS, MIDNIGHT_MS + HOUR_MS, 4, "/b", "", ("a", "b")),
    ]
    assert sessions(place.reader, Scope("other"), ["a"]) == []
