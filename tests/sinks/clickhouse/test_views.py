"""Views of ClickHouse (rollups, history, identities, sessions) against the same computed in Python."""

import itertools
import math
import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import pytest
import zstandard

from sinks.clickhouse.client import Client
from sinks.store.insert import insert_frames, insert_touches
from tests.sinks.sample_blocks import make_event, make_row

_DAY, _GAP = 86_400_000, 1_800_000
_T0 = 1_700_000_000_000 // _DAY * _DAY


def _insert(client: Client, table: str, rows: Sequence[bytes], token: str = "") -> None:
    frame = zstandard.ZstdCompressor().compress(b"".join(rows))
    if table == "events":
        insert_touches(client, [frame], token or f"{table} {random.random()}")
    else:
        insert_frames(client, table, [frame])


def test_rollups_omit_touches_that_may_be_repeats(client: Client) -> None:
    chance = random.Random(5)
    rows, minutes, hours = (
        [],
        defaultdict[object, list[float]](lambda: [0, 0, 0]),
        defaultdict[object, list[float]](lambda: [0, 0, 0]),
    )
    for offset in range(2_000):
        at = _T0 + chance.randrange(3 * 3_600_000)
        channel, device, bot, beyond = (
            chance.choice("ab"),
            chance.choice(["desktop", "bot"]),
            chance.random() < 0.2,
            chance.random() < 0.1,
        )
        weight = chance.randrange(-8, 9) / 2
        rows.append(
            make_event(
                "t",
                1,
                offset,
                occurred_at=at,
                channel=channel,
                device=device,
                bot=bot,
                beyond_window=beyond,
                weight=weight,
            )
        )
        if not beyond:
            for key, sums in (
                ((at // 60_000 * 60, channel), minutes),
                ((at // 3_600_000 * 3600, channel, device), hours),
            ):
                sums[key] = [a + b for a, b in zip(sums[key], (1, bot, weight), strict=True)]
    for start in range(0, 2_000, 500):
        _insert(client, "events", rows[start : start + 500], f"token {start}")
        _insert(client, "events", rows[start : start + 500], f"token {start}")
    by_minute = client.query(
        "SELECT toUnixTimestamp(minute), channel, sum(touches), sum(bots), sum(weight) "
        "FROM touches_by_minute GROUP BY ALL"
    ).result_rows
    assert {(row[0], row[1]): list(row[2:]) for row in by_minute} == dict(minutes)
    by_hour = client.query(
        "SELECT toUnixTimestamp(hour), channel, device, sum(touches), sum(bots), sum(weight) "
        "FROM touches_by_hour GROUP BY ALL"
    ).result_rows
    assert {row[:3]: list(row[3:]) for row in by_hour} == dict(hours)


def test_one_insert_may_span_more_than_a_hundred_years(client: Client) -> None:
    rows = [make_event("t", 1, n, occurred_at=n * 366 * _DAY) for n in range(110)]
    _insert(client, "events", rows)
    assert client.query("SELECT count() FROM events").result_rows == [(110,)]


@pytest.mark.parametrize(
    ("pos", "neg"), [(20.0, -1e300), (20.0, 19.0), (20.0, 20.0), (20.0, 25.0), (-1e300, -1e300), (2900.5, 2899.25)]
)
def test_the_net_key_is_the_rank_of_the_net_score(client: Client, pos: float, neg: float) -> None:
    _insert(client, "profiles", [make_row("profiles", tenant="t", identifier="a", rank_pos=pos, rank_neg=neg)])
    expected = pos + math.log2(1 - 2 ** (neg - pos)) if pos > neg else -1e300
    assert client.query("SELECT net_key FROM profiles").result_rows[0][0] == pytest.approx(expected, rel=1e-12)


def test_profiles_keep_the_newest_row(client: Client) -> None:
    rows = [
        make_row(
            "profiles",
            tenant="t",
            identifier="a",
            rank_pos=float(offset),
            last_seen=_T0 + offset * 20 * 60_000,
            activity_offset=offset,
        )
        for offset in range(9)
    ]
    for row in (*rows[5:], *rows[:5]):
        _insert(client, "profiles", [row])
    assert client.query("SELECT rank_pos FROM profiles FINAL").result_rows == [(8.0,)]


def test_profiles_of_identifiers(client: Client) -> None:
    """Random forests, changed a few times, up to eight levels."""
    chance = random.Random(7)
    names = [(level, f"n{level}:{number}") for level in range(9) for number in range(12)]
    parents: dict[str, str] = {}
    offset = 0
    for _ in range(4):
        rows = []
        for level, name in chance.sample(names, 80):
            stronger = [other for at, other in names if at < level]
            parents[name] = chance.choice(stronger) if stronger and chance.random() < 0.8 else ""
            offset += 1
            rows.append(
                make_row("identities", tenant="t", identifier=name, parent=parents[name], activity_offset=offset)
            )
        rows.append(
            make_row("identities", tenant="u", identifier=names[-1][1], parent="n0:elsewhere", activity_offset=offset)
        )
        _insert(client, "identities", rows)
    parents.update({f"n{level}:chain": f"n{level - 1}:chain" for level in range(1, 9)})
    _insert(
        client,
        "identities",
        [make_row("identities", tenant="t", identifier=f"n{n}:chain", parent=f"n{n - 1}:chain") for n in range(1, 9)],
    )
    found = client.query("SELECT identifier, profile, depth FROM identity_profiles WHERE tenant = 't'").result_rows
    assert {row[0]: row[1:] for row in found} == {name: _climb(parents, name) for name in parents}
    children = client.query(
        "SELECT c.parent, c.identifier FROM identity_children AS c FINAL INNER JOIN identities AS i FINAL "
        "ON i.tenant = c.tenant AND i.identifier = c.identifier AND i.parent = c.parent WHERE c.tenant = 't'"
    ).result_rows
    assert set(children) == {(parent, child) for child, parent in parents.items() if parent}


def _climb(parents: dict[str, str], identifier: str) -> tuple[str, int]:
    depth = 0
    while parents.get(identifier):
        identifier, depth = parents[identifier], depth + 1
    return identifier, depth


Touch = tuple[int, str, str, str, str]  # at_ms, event id, identifier, page, source
Session = tuple[int, int, int, tuple[str, ...]]  # first and last ms, touches, identifiers


def _pieces(touches: Sequence[Touch]) -> list[bytes]:
    """Rows of session_pieces, computed from touches of one identifier and day each."""
    days = defaultdict[tuple[str, int], list[Touch]](list)
    for touch in sorted(touches):
        days[touch[2], touch[0] // _DAY].append(touch)
    rows = []
    for (identifier, day), of_day in days.items():
        runs: list[list[Touch]] = []
        for touch in of_day:
            if runs and touch[0] - runs[-1][-1][0] <= _GAP:
                runs[-1].append(touch)
            else:
                runs.append([touch])
        rows.append(
            make_row(
                "session_pieces",
                tenant="t",
                folded_into=identifier,
                day=day,
                firsts=[run[0][0] for run in runs],
                lasts=[run[-1][0] for run in runs],
                touches=[len(run) for run in runs],
                entry_ids=[run[0][1] for run in runs],
                landing_pages=[next((touch[3] for touch in run if touch[3]), "") for run in runs],
                sources=[next((touch[4] for touch in run if touch[4]), "") for run in runs],
            )
        )
    return rows


def _sessions(touches: Sequence[Touch]) -> list[Session]:
    """Sessions of one profile, computed from its touches."""
    stretches: list[list[Touch]] = []
    for touch in sorted(touches):
        if stretches and touch[0] - stretches[-1][-1][0] <= _GAP:
            stretches[-1].append(touch)
        else:
            stretches.append([touch])
    sessions = []
    for stretch in stretches:
        cut = defaultdict[int, list[Touch]](list)
        for touch in stretch:
            cut[touch[0] // _DAY if stretch[-1][0] - stretch[0][0] > _DAY else 0].append(touch)
        sessions += [
            (part[0][0], part[-1][0], len(part), tuple(sorted({touch[2] for touch in part}))) for part in cut.values()
        ]
    return sessions


def _random_touches(chance: random.Random, identifiers: Sequence[str]) -> list[Touch]:
    """Bursts with gaps close to the session gap, some over midnight, some longer than a day."""
    touches, at = [], _T0 + chance.randrange(_DAY)
    for number in range(chance.randrange(1, 120)):
        at += chance.choice(
            [0, 60_000, 600_000, _GAP - 1, _GAP, _GAP, _GAP + 1, _GAP // 2, _GAP // 3] * 6 + [_DAY // 3]
        )
        page = chance.choice(["", f"/{number}"])
        touches.append((at, f"e{number:03d}", chance.choice(identifiers), page, chance.choice(["", "", f"s{number}"])))
    return touches


def test_sessions_are_those_of_the_touches(client: Client) -> None:
    chance = random.Random(11)
    expected: dict[str, list[Session]] = {}
    landings: dict[tuple[str, int], tuple[str, str]] = {}
    pieces, identities = [], []
    for number in range(60):
        profile = f"customer_id:{number}"
        members = [profile, f"email:{number}", f"anonymous_id:{number}"][: chance.randrange(1, 4)]
        touches = _random_touches(chance, members)
        pieces += _pieces(touches)
        identities += [
            make_row("identities", tenant="t", identifier=weaker, parent=stronger)
            for stronger, weaker in itertools.pairwise(members)
        ]
        expected[profile] = _sessions(touches)
        if len(members) == 1:
            landings |= {(profile, it[0]): _landing(touches, it) for it in expected[profile]}
    _insert(client, "session_pieces", pieces)
    _insert(client, "identities", identities)
    columns = (
        "profile, toUnixTimestamp64Milli(started_at), toUnixTimestamp64Milli(ended_at), touches, identifiers, "
        "duration_s, landing_page, source"
    )
    found = defaultdict[str, list[Session]](list)
    for profile, first, last, count, members, duration_s, page, source in client.query(
        f"SELECT {columns} FROM sessions ORDER BY started_at"
    ).result_rows:
        found[profile].append((first, last, count, tuple(members)))
        assert duration_s == (last - first) / 1000
        assert landings.get((profile, first), (page, source)) == (page, source)
    assert found == expected
    assert len(landings) > 20
    assert any(last - first > _DAY / 2 for sessions in expected.values() for first, last, *_ in sessions)


def _landing(touches: Sequence[Touch], session: Session) -> tuple[str, str]:
    inside = [touch for touch in sorted(touches) if session[0] <= touch[0] <= session[1]]
    return next((touch[3] for touch in inside if touch[3]), ""), next((touch[4] for touch in inside if touch[4]), "")


def test_sessions_of_one_profile_read_only_its_rows(client: Client, connect: Callable[[], Client]) -> None:
    chance = random.Random(13)
    members = ["customer_id:1", "email:1"]
    touches = _random_touches(chance, members)
    others = [row for number in range(300) for row in _pieces(_random_touches(chance, [f"email:other{number}"]))]
    _insert(client, "session_pieces", [*others, *_pieces(touches)])
    _insert(client, "identities", [make_row("identities", tenant="t", identifier="email:1", parent="customer_id:1")])
    columns = "profile, started_at, ended_at, touches, landing_page, source, identifiers"
    of = "tenant = {t:String}, profile = {p:String}, identifiers = {i:Array(String)}"
    query = f"SELECT {columns} FROM sessions_of({of}) ORDER BY started_at"
    found = connect().query(query, parameters={"t": "t", "p": members[0], "i": members}).result_rows
    whole = client.query(
        f"SELECT {columns} FROM sessions WHERE profile = 'customer_id:1' ORDER BY started_at"
    ).result_rows
    assert found == whole
    assert sum(row[3] for row in found) == len(touches)
