"""The audit finds no difference after the real pipeline, and every manipulated row."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from dashboards.answers.audit import TOLERANCE, Audit, audit
from dashboards.answers.run_query import sql
from dashboards.answers.scope import Scope
from sinks.clickhouse.client import Client
from streams.identity.ties import TieLimits
from tests.dashboards.conftest import Place
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS, Journey
from tests.dashboards.people import START_MS, live, quarrel

MAIN = Scope()


def look(client: Client, sample: int = 0, slices: int = 0) -> Audit:
    return audit(client, MAIN, half_life_ms=HALF_LIFE_MS, sample=sample, slices=slices)


@pytest.fixture(scope="module")
def small() -> Journey:
    """A manipulation of the stored rows."""
    journey = Journey(Random(5))
    live(journey, 250, persons=8)
    journey.run()
    return journey


def test_stored_aggregates_match_the_touches(lived: Client) -> None:
    found = look(lived)
    assert found.wrong_profiles == ()
    assert found.ok, found
    assert 0 < found.drift <= TOLERANCE
    # and the comparison covered them
    counts = lived.query(
        """
        SELECT
            count(), countIf(bot), countIf(too_late), countIf(beyond_window), countIf(folded_into = ''),
            countIf(weight < 0), countIf(folded_into != '' AND NOT beyond_window),
            countIf(folded_into = '' AND NOT beyond_window)
        FROM events FINAL WHERE tenant = 'main'
        """
    ).result_rows[0]
    assert min(counts) > 20, counts
    assert (found.touches, found.touches_without_identifier) == counts[-2:]
    whys = dict(lived.query("SELECT why, count() FROM identities FINAL GROUP BY why").result_rows)
    assert whys["claim"] > 50
    assert whys["vetoed"] > 0


def test_number_of_slices_does_not_change_the_audit(lived: Client) -> None:
    assert look(lived, slices=3) == look(lived)


def test_sample_has_the_given_size_and_is_always_the_same(lived: Client) -> None:
    whole, ten = look(lived), look(lived, sample=10)
    assert (ten.ok, ten.sampled, ten.profiles) == (True, True, 10)
    assert 0 < ten.touches < whole.touches
    assert look(lived, sample=10) == ten
    assert look(lived, sample=100_000).touches == whole.touches


def test_tenants_are_audited_separately(lived: Client) -> None:
    other = audit(lived, Scope("other"), half_life_ms=HALF_LIFE_MS)
    assert other.ok
    assert 0 < other.touches < look(lived).touches


def test_progress_is_reported(lived: Client) -> None:
    calls: list[tuple[str, int, int]] = []
    audit(lived, MAIN, half_life_ms=HALF_LIFE_MS, slices=2, progress=lambda *step: calls.append(step))
    assert calls == [("profiles", 0, 3), ("profiles", 1, 3), ("rollups", 2, 3), ("done", 3, 3)]


def test_empty_store_has_no_differences(place: Place) -> None:
    found = look(place.reader)
    assert (found.ok, found.drift, found.profiles, found.touches) == (True, 0.0, 0, 0)
    assert look(place.reader, sample=5).ok


@pytest.mark.parametrize(
    ("seed", "largest", "limits"),
    [(1, 1, TieLimits()), (2, 500, TieLimits()), (3, 30, TieLimits(targets=2, links=3))],
)
def test_audit_passes_for_any_batch_sizes(place: Place, seed: int, largest: int, limits: TieLimits) -> None:
    journey = Journey(Random(seed), limits=limits)
    live(journey, 500, persons=12)
    journey.run(largest)
    quarrel(journey, 12)
    journey.run(largest)
    journey.store(place.writer)
    found = look(place.reader)
    assert found.ok, found


def test_event_id_under_two_identifiers_is_listed(place: Place) -> None:
    journey = Journey(Random(1))
    touch = {
        "event_id": "e1",
        "type": "page",
        "occurred_at": START_MS,
        "url": "https://a.example/",
        "anonymous_id": "v1",
    }
    journey.send("visits", touch, START_MS)
    journey.send("visits", touch | {"email": "ada@example.org"}, START_MS)
    journey.run()
    journey.store(place.writer)
    found = look(place.reader)
    assert found.ok, found
    assert (found.touches, found.ids_under_two_identifiers.count) == (2, 1)
    assert (
        "e1 of email:ada@example.org: under anonymous_id:v1 and email:ada@example.org"
        in found.ids_under_two_identifiers.first[0]
    )


def test_an_order_from_several_senders_is_no_repeat(place: Place) -> None:
    journey = Journey(Random(1))
    order = {"type": "paid", "order_id": "O-1", "total": "25.90", "currency": "EUR", "customer_id": "c1"}
    for number in range(4):
        copy = order | {"event_id": f"sender-{number}", "occurred_at": START_MS - number * DAY_MS}
        journey.send("orders", copy, START_MS + number)
    journey.run(2)
    journey.store(place.writer)
    found = look(place.reader)
    assert found.ok, found
    assert found.touches == 1
    total = place.reader.query("SELECT sum(total), any(properties['event_id']) FROM events FINAL").result_rows
    assert total == [(Decimal("25.90"), "sender-0")]


class Meanwhile:
    """A reader that stores the missing row when `profiles` is read for the first time."""

    def __init__(self, place: Place, arrives: str) -> None:
        self._place, self._arrives, self.looks = place, arrives, 0

    def query(self, query: str, parameters: dict[str, Any] | None = None) -> Any:
        answer = self._place.reader.query(query, parameters=parameters)
        if query == sql("audit_profiles"):
            self.looks += 1
            if self.looks == 1:
                self._place.writer.command(self._arrives)
        return answer


def test_profile_that_is_being_written_is_not_wrong(place: Place, small: Journey) -> None:
    small.store(place.writer, again=True)
    place.writer.command("CREATE TABLE held AS profiles")
    place.writer.command(f"INSERT INTO held SELECT * FROM profiles WHERE {SOMEBODY}")
    place.writer.command(gone("profiles", SOMEBODY))
    busy = Meanwhile(place, "INSERT INTO profiles SELECT * FROM held")
    found = audit(busy, MAIN, half_life_ms=HALF_LIFE_MS)
    assert found.ok, found
    assert busy.looks == 2


FORM = """tenant = 'main' AND event_id IN (
    SELECT event_id FROM events WHERE tenant = 'main' AND {} ORDER BY event_id LIMIT 1)"""
ONE_FORM = FORM.format("rule = 'form' AND weight > 0")
IN_TIME = FORM.format("rule = 'form' AND weight > 0 AND NOT too_late")
SOMEBODY = """tenant = 'main' AND identifier IN (
    SELECT identifier FROM profiles FINAL WHERE tenant = 'main' AND parent = '' AND rank_pos > -1e300
    ORDER BY identifier LIMIT 1)"""
CHILD = """tenant = 'main' AND identifier IN (
    SELECT identifier FROM identities FINAL WHERE tenant = 'main' AND parent != '' AND identifier IN (
        SELECT folded_into FROM events WHERE NOT beyond_window)
    ORDER BY identifier LIMIT 1)"""


def changed(table: str, to: str, where: str) -> str:
    return f"ALTER TABLE {table} UPDATE {to} WHERE {where} SETTINGS mutations_sync = 2"


def gone(table: str, where: str) -> str:
    return f"ALTER TABLE {table} DELETE WHERE {where} SETTINGS mutations_sync = 2"


def again(replaced: str = "") -> str:
    return f"INSERT INTO incoming SELECT * {replaced} FROM events WHERE {ONE_FORM}"


def one_wrong(word: str) -> Callable[[Audit], bool]:
    """Exactly one profile is wrong, with this difference, and there are no other findings."""
    return lambda found: (
        found.wrong.count == 1
        and any(word in one for one in found.wrong_profiles[0].differences)
        and (found.orphans.count, found.repeats.count) == (0, 0)
    )


def all_wrong(*differences: str) -> Callable[[Audit], bool]:
    """At least one profile is wrong, and each has only this difference."""
    return lambda found: found.wrong.count > 0 and all(one.differences == differences for one in found.wrong_profiles)


def rollups_wrong(found: Audit) -> bool:
    return found.rollups.count > 0 and found.wrong.count == 0


PING = "INSERT INTO page_times VALUES ('main', 'email:a@x.example', '{page_id}', {engaged_ms}, 0, 0)"


def page_times_wrong(found: Audit) -> bool:
    return (found.page_times.count, found.rollups.count, found.wrong.count) == (1, 0, 0)


OTHERS = "same number as in the touches, but different ones"


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        (changed("events", "weight = weight * 1.00001", ONE_FORM), one_wrong("score of visits, positive: too low")),
        (changed("events", "weight = -weight", ONE_FORM), one_wrong("score of visits, negative: not stored")),
        (changed("events", "bot = true", ONE_FORM), one_wrong("bots: ")),
        (changed("events", "too_late = true", IN_TIME), one_wrong("runs within a day: ")),
        (changed("events", "cap = 1, cap_value = 'x'", "rule = 'form'"), lambda found: found.drift > 0.001),
        (gone("events", ONE_FORM), one_wrong("touches of visits: ")),
        (again(), lambda found: (found.repeats.count, found.rollups.count, found.wrong.count) == (1, 5, 0)),
        (
            again("REPLACE (occurred_at + INTERVAL 1 SECOND AS occurred_at)"),
            lambda found: (found.repeats.count, found.wrong.count) == (1, 1),
        ),
        (changed("profiles", "touches = touches + 1", SOMEBODY), one_wrong("touches of all channels: ")),
        (changed("profiles", "bots = bots + 1", SOMEBODY), one_wrong("bots: ")),
        (changed("profiles", "last_seen = last_seen + INTERVAL 1 SECOND", SOMEBODY), one_wrong("last seen: ")),
        (changed("profiles", "first_seen = first_seen - INTERVAL 1 SECOND", SOMEBODY), one_wrong("first seen: ")),
        (changed("profiles", "rank_pos = rank_pos + 1e-8", SOMEBODY), one_wrong("score of all channels, positive")),
        (changed("profiles", "identifiers = identifiers + 1", SOMEBODY), one_wrong("identifiers: ")),
        (changed("profiles", "parent = 'master_id:m'", SOMEBODY), one_wrong("no row in profiles")),
        (gone("profiles", SOMEBODY), one_wrong("no row in profiles")),
        (
            changed("session_pieces", "lasts = arrayMap(one -> one + 1, lasts)", "1"),
            all_wrong(f"sessions: {OTHERS}", f"runs within a day: {OTHERS}"),
        ),
        (
            changed("session_pieces", "sources = arrayMap(one -> 'x', sources)", "1"),
            all_wrong(f"runs within a day: {OTHERS}"),
        ),
        (
            changed("identities", "parent = ''", CHILD),
            lambda found: any("no row in profiles" in one.differences for one in found.wrong_profiles),
        ),
        (gone("identities", CHILD), lambda found: found.orphans.count == 1),
        (PING.format(engaged_ms=86_400_001, page_id="p"), page_times_wrong),
        (PING.format(engaged_ms=1, page_id=""), page_times_wrong),
        (changed("events", "type = 'ping'", ONE_FORM), lambda found: found.page_times.count == 1),
        (gone("touches_by_minute", "tenant = 'main'"), rollups_wrong),
        (gone("touches_by_day", "touches > 1"), rollups_wrong),
        (changed("campaigns_by_day", "forms = forms + 1", "forms > 0"), rollups_wrong),
        (gone("campaigns_by_day", "1"), rollups_wrong),
        (changed("calls_by_hour", "talked_ms = talked_ms + 1", "1"), rollups_wrong),
        (changed("quality_by_hour", "late = late + 1", "1"), rollups_wrong),
        (changed("quality_by_hour", "newest = newest - INTERVAL 1 SECOND", "1"), rollups_wrong),
        (changed("touches_by_hour", "weight = weight + 0.001", "tenant = 'main' AND weight > 0"), rollups_wrong),
    ],
)
def test_manipulated_rows_are_found(
    place: Place, small: Journey, statement: str, seen: Callable[[Audit], bool]
) -> None:
    small.store(place.writer, again=True)
    place.writer.command(statement)
    found = look(place.reader)
    assert not found.ok
    assert seen(found), found


def test_other_rows_are_not_reported(place: Place, small: Journey) -> None:
    small.store(place.writer, again=True)
    assert look(place.reader).ok
