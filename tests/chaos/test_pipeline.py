"""Oracle and pipeline agree on a load through the real intake and engage, with dying workers and a real engine."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import pytest

from sinks.clickhouse.client import Client
from sinks.clickhouse.migrations import migrate
from streams.engage import dedupe_state
from streams.profile import identifier_state
from tests.chaos.compare import Verdict, compare
from tests.chaos.compare_changelogs import Logged, check_published, check_seen, check_states, newest
from tests.chaos.load import Load
from tests.chaos.pipeline import DAY, Ran, land, run
from tests.journeys.engine import Engine
from tests.oracle.site import Expected, expect
from touchline.settings import Settings
from touchline.worker.rules_file import read_rules

RULES = read_rules(None)
SETTINGS = Settings(phone_region="DE", activity_partitions=3)
FEW = SETTINGS.model_copy(update={"links": 3})

Logs = dict[str, list[Logged]]


@dataclass
class Played:
    """A processed load with its expected and actual results."""

    expected: Expected
    ran: Ran
    logs: Logs


def play(load: Load, seed: int, settings: Settings = SETTINGS) -> Played:
    """Process a load, with two channels sent again from their start."""
    land(load)
    land(load, load.replay("emails") + load.replay("visits"), hours=10)
    expected = expect(load.sent(), RULES, settings)
    ran = run(load, RULES, settings, trouble=True, seed=seed)
    return Played(expected, ran, {name: ran.logged(name) for name in ("states", "seen", "profiles")})


def check_logs(expected: Expected, logs: Logs) -> Verdict:
    verdict = Verdict()
    check_states(expected, newest(logs["states"], identifier_state.version_of), verdict)
    check_seen(expected, newest(logs["seen"], dedupe_state.version_of), verdict)
    check_published(expected, logs["profiles"], verdict)
    return verdict


@pytest.fixture(scope="module")
def played() -> Played:
    return play(Load(11, 60, day_ms=DAY, activity_partitions=3), 11)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, played: Played) -> Iterator[Client]:
    """A client of a database with the results of the run."""
    engine = Engine(tmp_path_factory.mktemp("engine"))
    try:
        engine.start()
        migrate(engine.server(), "chaos")
        client = engine.client("chaos")
        played.ran.insert(client)
        yield client
    finally:
        engine.stop()


# ---- changelogs


@pytest.mark.parametrize("seed", [0, 1, 2, 5])
def test_changelogs_equal_the_expected_state(seed: int) -> None:
    """Some seeds allow few links, so that identifiers are displaced."""
    settings = FEW if seed % 2 else SETTINGS
    played = play(Load(seed, 40, day_ms=DAY, activity_partitions=3), seed, settings)
    verdict = check_logs(played.expected, played.logs)
    assert verdict.ok, verdict.details
    assert played.ran.world.stats["kill"] > 0


@pytest.mark.parametrize("name", ["hot_partition", "many_links", "whale"])
def test_changelogs_of_bad_loads_equal_the_expected_state(name: str) -> None:
    load = Load.scenario(name, 3, day_ms=DAY, touches=60, activity_partitions=3)
    played = play(load, 3, SETTINGS.model_copy(update={"links": 40}))
    verdict = check_logs(played.expected, played.logs)
    assert verdict.ok, verdict.details


def _of(logs: Logs, name: str, which: Callable[[Logged], bool]) -> Logged:
    return next(one for one in reversed(logs[name]) if one.value is not None and which(one))


def _drop_state(logs: Logs, expected: Expected) -> None:
    key = _of(logs, "states", lambda one: one.key.decode() in expected.profiles).key
    logs["states"] = [one for one in logs["states"] if one.key != key]


def _unlearn(logs: Logs, expected: Expected) -> None:
    """Remove one id of the last block."""
    last = _of(logs, "seen", lambda one: one.key.startswith(b"b"))
    block = dedupe_state.read_block(last.value or b"")
    logs["seen"].append(last._replace(value=msgspec.msgpack.encode([block.upto + 1, block.latest_ms, block.ids[16:]])))


def _learn(logs: Logs, expected: Expected) -> None:
    value = msgspec.msgpack.encode([1, 0, b"x" * 16])
    logs["seen"].append(Logged(0, b"bvisits/1#0", value, None))


def _count_twice(logs: Logs, expected: Expected) -> None:
    """Store the state of an identifier with several touches for one with a single touch."""
    version_of = identifier_state.version_of
    found: dict[bytes, Logged] = {}  # the highest version of a key is its value
    for one in logs["states"]:
        if one.value and (one.key not in found or version_of(one.value) > version_of(found[one.key].value or b"")):
            found[one.key] = one
    touches = {key: len(expected.by_owner.get(key.decode(), ())) for key in found}
    versions = {key: version_of(one.value or b"") for key, one in found.items()}
    several = max((key for key in found if touches[key] > 1), key=versions.__getitem__)
    single = next(key for key in found if touches[key] == 1 and versions[key] < versions[several])
    logs["states"].append(found[single]._replace(value=found[several].value))


def _publish_child(logs: Logs, expected: Expected) -> None:
    child = next(key for key, place in expected.identities.places.items() if place.parent)
    value = _of(logs, "profiles", lambda one: True).value or b""
    logs["profiles"].append(Logged(0, child.encode(), value.replace(b'"version":', b'"version":9'), None))


def _unpublish(logs: Logs, expected: Expected) -> None:
    logs["profiles"].append(Logged(0, next(iter(expected.profiles)).encode(), None, 1 << 40))


def _forget_version(logs: Logs, expected: Expected) -> None:
    logs["profiles"].append(Logged(0, next(iter(expected.profiles)).encode(), None, None))


@pytest.mark.parametrize(
    "tamper", [_drop_state, _unlearn, _learn, _count_twice, _publish_child, _unpublish, _forget_version]
)
def test_every_error_of_a_changelog_is_counted(played: Played, tamper: Callable[[Logs, Expected], None]) -> None:
    logs = {name: list(log) for name, log in played.logs.items()}
    tamper(logs, played.expected)
    verdict = check_logs(played.expected, logs)
    assert verdict.wrong_changelogs == 1, verdict.details
    assert not verdict.ok


def test_late_records_of_a_zombie_change_nothing(played: Played) -> None:
    logs = {name: [*log, *log[: len(log) // 2]] for name, log in played.logs.items()}
    assert check_logs(played.expected, logs).ok


# ---- tables

_HIGHER = "rank_pos + 1e-6 AS rank_pos, activity_offset + 1 AS activity_offset"
TAMPERING: tuple[tuple[str, dict[str, int]], ...] = (  # in turn, each with the errors that it adds
    ("ALTER TABLE events DELETE WHERE event_id = 'late0-1' SETTINGS mutations_sync = 1", {"lost": 1}),
    ("SYSTEM STOP MERGES events", {}),  # a merge would collapse the two rows
    ("INSERT INTO events SELECT * FROM events WHERE NOT bot ORDER BY event_id LIMIT 1", {"double": 1}),
    ("INSERT INTO touches_by_minute SELECT * FROM touches_by_minute LIMIT 1", {"wrong_rollups": 1}),
    ("INSERT INTO touches_by_hour SELECT * FROM touches_by_hour LIMIT 1", {"wrong_rollups": 1}),
    ("INSERT INTO touches_by_day SELECT * FROM touches_by_day LIMIT 1", {"wrong_rollups": 1}),
    ("INSERT INTO campaigns_by_day SELECT * FROM campaigns_by_day LIMIT 1", {"wrong_rollups": 1}),
    ("INSERT INTO calls_by_hour SELECT * FROM calls_by_hour LIMIT 1", {"wrong_rollups": 1}),
    ("INSERT INTO quality_by_hour SELECT * FROM quality_by_hour LIMIT 1", {"wrong_rollups": 1}),
    ("INSERT INTO quarantine SELECT * REPLACE (7e6 AS raw_offset) FROM quarantine LIMIT 1", {"wrong_quarantine": 1}),
    (
        f"INSERT INTO profiles SELECT * REPLACE ({_HIGHER}) FROM profiles FINAL "
        "WHERE parent = '' AND rank_pos > 0 ORDER BY identifier LIMIT 1",
        {"wrong_profiles": 1},
    ),
)


@pytest.mark.slow
def test_tables_equal_the_expected_state_and_every_error_is_counted(client: Client, played: Played) -> None:
    verdict = compare(played.expected, client)
    assert verdict.ok, verdict.details
    assert 0 < verdict.drift < 1e-11
    counts: Counter[str] = Counter()
    for statement, added in TAMPERING:
        client.command(statement)
        counts.update(added)
        verdict = compare(played.expected, client)
        assert {name: count for name, count in verdict.counts.items() if count} == counts, verdict.details
