"""The oracle on cases small enough to be worked out by hand."""

from collections.abc import Iterable
from math import log2

import pytest

from schemas.records import Claim, Unlink
from tests.chaos.load_meaning import Facts, Item, Meaning, Refused, Sent
from tests.chaos.oracle import Expected, Place, Rollup, Uncertain, expect
from tests.chaos.oracle_sessions import Run, Session
from tests.chaos.oracle_touches import event_row
from tests.journeys.crowd import DAY_MS, HOUR_MS, MINUTE_MS, Raw
from touchline.rules import read_rules
from touchline.settings import Settings

DAY = 20_500 * DAY_MS
NOON = DAY + 12 * HOUR_MS
RULES = read_rules(None)
CUSTOMER, EMAIL, PHONE, VISITOR = "customer_id:c", "email:a@x.example", "phone:+493012345", "anonymous_id:v"


def facts(*ids: str, at_ms: int = NOON, event_id: str = "e", type_: str = "page", **said: object) -> Facts:
    """A touch of these identifiers (strongest first), on a page that is worth one point."""
    given: dict[str, object] = {
        "tenant": "main", "channel": "visits", "natural": "", "sent_at_ms": None, "junk": False, "bot": False,
        "page": "", "source": "", "medium": "", "campaign": "", "traits": {},
    }  # fmt: skip
    columns = {"type": type_, "direction": "inbound", **dict(said.pop("columns", {}))}  # type: ignore[call-overload]
    return Facts(event_id=event_id, ids=ids, said_ms=at_ms, columns=columns, **(given | said))  # type: ignore[arg-type]


def sent(*meanings: Meaning, partition: int = 0, start: int = 0, arrival_ms: int = DAY + DAY_MS) -> list[Sent]:
    """As they lie in one partition, from an offset on."""
    channels = [one.channel if isinstance(one, Facts) else "activity" for one in meanings]
    return [
        Sent(Item(Raw(channel, partition, b"{}"), one), f"t-{channel}", partition, start + offset, arrival_ms)
        for offset, (channel, one) in enumerate(zip(channels, meanings, strict=True))
    ]


def oracle(records: Iterable[Sent], **settings: int) -> Expected:
    return expect(records, RULES, Settings(**settings))  # type: ignore[arg-type]


# ---- which touches there are


@pytest.mark.parametrize(
    ("other", "touches"),
    [
        (facts(EMAIL), 1),
        (facts(EMAIL, VISITOR), 1),  # a retry that names more
        (facts(EMAIL, at_ms=NOON - DAY_MS), 2),
        (facts(EMAIL, event_id="f"), 2),
        (facts(EMAIL, channel="calls"), 2),
        (facts(CUSTOMER, EMAIL), 2),  # under a stronger identifier
        (facts(EMAIL, tenant="acme"), 2),
        (facts(), 2),
    ],
)
def test_what_is_the_same_touch(other: Facts, touches: int) -> None:
    assert len(oracle(sent(facts(EMAIL), other)).touches) == touches


def test_first_copy_of_a_partition_is_the_one_stored() -> None:
    expected = oracle([*sent(facts(EMAIL), facts(EMAIL), partition=0, start=5), *sent(facts(EMAIL), partition=1)])
    (touch,) = expected.touches.values()
    assert sorted((copy.sent.partition, copy.sent.offset) for copy in touch.copies) == [(0, 5), (1, 0)]


def test_copies_that_differ_may_not_race() -> None:
    other = facts(EMAIL, page="x.example/other")
    assert len(oracle(sent(facts(EMAIL), other)).touches) == 1
    with pytest.raises(Uncertain, match="say different things"):
        oracle([*sent(facts(EMAIL)), *sent(other, partition=1)])


def test_ids_are_derived_of_the_mail_or_of_the_place() -> None:
    mail = facts(EMAIL, event_id="", channel="emails", natural="opened\x1f<1@x>\x1f0\x1fa@x.example\x1f")
    call = facts(EMAIL, event_id="", channel="calls")
    found = oracle(sent(mail, mail, call, call)).touches
    # the first as `b2sum -l 128` has it
    assert sorted(key[3] for key in found) == ["963bb645391de96641e6b30201e507c2", "t-calls/0/2", "t-calls/0/3"]


@pytest.mark.parametrize(
    ("said_ms", "sent_at_ms", "at_ms", "flags"),
    [
        (NOON, None, NOON, ()),
        (NOON, NOON + 5_000, DAY + DAY_MS - 5_000, ("clock_corrected",)),
        (DAY + DAY_MS, DAY + DAY_MS + 999, DAY + DAY_MS - 999, ()),
        (DAY + DAY_MS + 300_000, None, DAY + DAY_MS + 300_000, ()),
        (DAY + DAY_MS + 300_001, None, DAY + DAY_MS, ("future",)),
        (NOON + 9 * DAY_MS, NOON, DAY + DAY_MS, ("clock_corrected", "future")),
        (0, None, DAY + DAY_MS - Settings().retention_ms, ("past",)),
    ],
)
def test_times(said_ms: int, sent_at_ms: int | None, at_ms: int, flags: tuple[str, ...]) -> None:
    (touch,) = oracle(sent(facts(EMAIL, at_ms=said_ms, sent_at_ms=sent_at_ms))).touches.values()
    assert (touch.one.occurred_at_ms, touch.one.source_at_ms, touch.one.flags) == (at_ms, said_ms, flags)


def test_what_is_refused() -> None:
    large = Sent(Item(Raw("visits", 0, b"x" * 1_025), facts(EMAIL)), "t-visits", 0, 7, DAY)
    bad = Sent(Item(Raw("visits", 0, b"{"), Refused("not_json", "line 1")), "t-visits", 0, 8, DAY)
    expected = oracle([large, bad], largest_kb=1)
    assert {place: one.reason for place, one in expected.refusals.items()} == {
        ("t-visits", 0, 7): "too_large",
        ("t-visits", 0, 8): "not_json",
    }
    assert not expected.touches


def test_late_for_its_day_goes_by_the_order_of_one_partition() -> None:
    young, old = facts(VISITOR, event_id="y"), facts(VISITOR, event_id="o", at_ms=NOON - 36 * DAY_MS)
    edge = facts(VISITOR, event_id="edge", at_ms=NOON - 35 * DAY_MS)

    def late(*order: Facts) -> set[str]:
        return {key[3] for key, touch in oracle(sent(*order)).touches.items() if touch.too_late}

    assert late(young, edge, old) == {"o"}
    assert late(old, young, edge) == set()
    assert late(young, facts(VISITOR, event_id="b", at_ms=NOON - 36 * DAY_MS, bot=True)) == set()
    with pytest.raises(Uncertain, match="several partitions"):
        oracle([*sent(young), *sent(old, partition=1)])


def test_arrivals_may_not_be_a_window_apart() -> None:
    with pytest.raises(Uncertain, match="remembered"):
        oracle([*sent(facts(EMAIL)), *sent(facts(EMAIL), arrival_ms=DAY + 40 * DAY_MS)])


# ---- what they come to


def test_score_halves_in_a_week_and_bots_weigh_nothing() -> None:
    records = sent(
        facts(CUSTOMER, event_id="1", type_="download"),
        facts(CUSTOMER, event_id="2", type_="download", at_ms=NOON - 7 * DAY_MS),
        facts(CUSTOMER, event_id="3", type_="download", bot=True),
        facts(CUSTOMER, event_id="4", channel="emails", type_="unsubscribed"),
        facts(CUSTOMER, event_id="5", channel="calls", type_="answered"),
    )
    expected = oracle(records)
    profile = expected.profiles[f"main|{CUSTOMER}"]
    assert (profile.pos, profile.neg) == ({"visits": 4.5, "calls": 8.0}, {"emails": 50.0})
    assert (profile.touches, profile.bots) == ({"visits": 3, "emails": 1, "calls": 1}, 1)
    assert expected.scale.rank(50.0) == pytest.approx(NOON / (7 * DAY_MS) + log2(50), abs=1e-12)


def test_cap_takes_the_earliest_of_a_day_by_value() -> None:
    def form(event_id: str, at_ms: int, path: str = "/a") -> Facts:
        return facts(CUSTOMER, event_id=event_id, type_="form", at_ms=at_ms, columns={"url_path": path})

    hour = NOON - HOUR_MS
    forms = form("b", NOON), form("a", hour), form("z", hour), form("c", NOON, "/b"), form("d", NOON + DAY_MS)
    profile = oracle(sent(*forms, arrival_ms=DAY + 2 * DAY_MS)).profiles[f"main|{CUSTOMER}"]
    week = 7 * DAY_MS
    parts = (2 ** ((hour - NOON - DAY_MS) / week), 2 ** (-DAY_MS / week), 1)
    assert profile.pos["visits"] == pytest.approx(50 * sum(parts), rel=1e-12)


def test_too_late_keeps_no_capped_weight() -> None:
    old = facts(VISITOR, event_id="o", at_ms=NOON - 36 * DAY_MS)
    expected = oracle(sent(facts(VISITOR, event_id="y"), old))
    profile = expected.profiles[f"main|{VISITOR}"]
    assert (profile.pos, profile.touches) == ({"visits": 1.0}, {"visits": 2})
    assert sorted(touch.weight for touch in expected.touches.values()) == [0.0, 1.0]
    assert list(expected.pieces) == [(f"main|{VISITOR}", NOON // DAY_MS)]


def test_sources_and_traits_are_the_first_and_the_newest() -> None:
    def told(event_id: str, at_ms: int, source: str, **traits: str) -> Facts:
        return facts(CUSTOMER, event_id=event_id, at_ms=at_ms, source=source, page=f"p/{event_id}", traits=traits)

    records = sent(
        told("b", NOON, "ad", name="B", plan="pro"), told("a", NOON, "mail", name="A"), told("c", NOON - 5, ""),
        facts(CUSTOMER, event_id="bot", at_ms=NOON + 9, source="bot", bot=True, traits={"name": "Bot"}),
        facts(EMAIL, event_id="d", at_ms=NOON - 1, columns={"country": "DE", "device": "mobile"}),
        facts(CUSTOMER, EMAIL, event_id="e", at_ms=NOON - 9, columns={"device": "tablet"}),
    )  # fmt: skip
    profile = oracle(records).profiles[f"main|{CUSTOMER}"]
    assert (profile.first[0], profile.last[0], profile.last[3]) == ("mail", "ad", "p/b")
    assert (profile.traits, profile.country, profile.device) == ({"name": "B", "plan": "pro"}, "DE", "mobile")
    assert (profile.first_seen_ms, profile.last_seen_ms) == (NOON - 9, NOON + 9)


def test_rollups_leave_no_touch_out() -> None:
    german = {"country": "DE"}
    records = sent(
        facts(CUSTOMER, event_id="1"), facts(event_id="2", at_ms=NOON + MINUTE_MS - 1),
        facts(event_id="3", at_ms=NOON + MINUTE_MS, bot=True), facts(EMAIL, event_id="4", columns=german),
    )  # fmt: skip
    expected = oracle(records)
    minute, page = ("main", NOON, "visits", "page"), ("visits", "page", "", "", "")
    assert expected.minutes == {minute: Rollup(3, 0, 3.0), ("main", NOON + MINUTE_MS, *minute[2:]): Rollup(1, 1, 0.0)}
    assert expected.hours == {
        ("main", NOON, *page, ""): Rollup(3, 1, 2.0),
        ("main", NOON, *page, "DE"): Rollup(1, 0, 1.0),
    }


# ---- who belongs to whom


def places(*meanings: Meaning, **settings: int) -> dict[str, Place]:
    found = oracle(sent(*meanings), **settings).identities.places
    return {key.removeprefix("main|"): place for key, place in found.items()}


def claimed(parent: str, at_ms: int, *lost: str) -> Place:
    return Place(f"main|{parent}", at_ms, "claim", tuple(f"main|{one}" for one in lost))


NOBODYS = Place(None, 0, "none")


def test_chain_of_three() -> None:
    chain = facts(EMAIL, VISITOR, event_id="1"), facts(CUSTOMER, EMAIL, event_id="2", at_ms=NOON - 1)
    expected = oracle(sent(*chain))
    assert places(*chain) == {CUSTOMER: NOBODYS, EMAIL: claimed(CUSTOMER, NOON - 1), VISITOR: claimed(EMAIL, NOON)}
    assert {key: profile.identifiers for key, profile in expected.profiles.items()} == {f"main|{CUSTOMER}": 3}
    assert expected.identities.depth(f"main|{VISITOR}") == 2


def test_the_earliest_claim_holds_and_a_repeat_may_be_earlier() -> None:
    one, other = facts("customer_id:1", EMAIL), facts("customer_id:2", EMAIL, at_ms=NOON - 5)
    assert places(one, other)[EMAIL] == claimed("customer_id:2", NOON - 5, "customer_id:1")
    again = facts("customer_id:1", EMAIL, at_ms=NOON - 9, event_id="again")
    assert places(one, other, again)[EMAIL] == claimed("customer_id:1", NOON - 9, "customer_id:2")


@pytest.mark.parametrize(
    ("commands", "place"),
    [
        ([Unlink(f"main|{EMAIL}", f"main|{CUSTOMER}", 1, True)], Place(None, 0, "vetoed")),
        ([Unlink(f"main|{EMAIL}", "*", 1, True)], Place(None, 0, "vetoed")),
        ([Unlink(f"main|{EMAIL}", "*", 1, True), Unlink(f"main|{EMAIL}", "*", 2, False)], claimed(CUSTOMER, NOON)),
        ([Unlink(f"main|{EMAIL}", "*", 1, True), Unlink(f"main|{EMAIL}", "*", 1, False)], Place(None, 0, "vetoed")),
        ([Unlink(f"main|{EMAIL}", "main|customer_id:else", 1, True)], claimed(CUSTOMER, NOON)),
        ([Claim("main|master_id:m", (f"main|{EMAIL}",), NOON - 1)], claimed("master_id:m", NOON - 1, CUSTOMER)),
    ],
)
def test_commands(commands: list[Meaning], place: Place) -> None:
    assert places(facts(CUSTOMER, EMAIL), *commands)[EMAIL] == place
    assert places(*reversed(commands), facts(CUSTOMER, EMAIL))[EMAIL] == place


def test_shared_by_more_than_may() -> None:
    crowd = [facts(f"customer_id:{number}", PHONE, event_id=str(number)) for number in range(4)]
    assert places(*crowd, targets=3)[PHONE] == Place(None, 0, "shared")
    assert places(*crowd, targets=4)[PHONE].parent == "main|customer_id:0"


def test_places_go_to_those_seen_earliest() -> None:
    seen = [facts(CUSTOMER, f"anonymous_id:{n}", event_id=str(n), at_ms=NOON - n) for n in range(3)]
    expected = oracle(sent(*seen), links=2)
    assert expected.identities.maybe == {"main|anonymous_id:0"}
    assert expected.profiles[f"main|{CUSTOMER}"].identifiers == 3
    assert oracle(sent(*seen, facts("anonymous_id:0", event_id="own")), links=2).identities.maybe == set()


# ---- sessions


def test_sessions_across_identifiers_and_midnight() -> None:
    end = DAY + DAY_MS
    records = sent(
        facts(VISITOR, event_id="a", at_ms=end - 20 * MINUTE_MS, page="p/1"),
        facts(EMAIL, VISITOR, event_id="b", at_ms=end + 10 * MINUTE_MS, source="ad"),
        facts(VISITOR, event_id="c", at_ms=end + 40 * MINUTE_MS + 1, page="p/2"),
        facts(VISITOR, event_id="bot", at_ms=end + 39 * MINUTE_MS, bot=True),
        arrival_ms=end + DAY_MS,
    )
    expected = oracle(records)
    root, early, late = f"main|{EMAIL}", end - 20 * MINUTE_MS, end + 40 * MINUTE_MS + 1
    assert expected.sessions == {
        root: [
            Session(early, end + 10 * MINUTE_MS, 2, "p/1", "ad", (VISITOR, EMAIL)),
            Session(late, late, 1, "p/2", "", (VISITOR,)),
        ]
    }
    assert expected.pieces[f"main|{VISITOR}", DAY // DAY_MS] == [Run(early, "a", early, 1, "p/1", "")]


def test_what_lasts_longer_than_a_day_is_cut_at_midnights() -> None:
    steps = range(0, DAY_MS + 20 * MINUTE_MS, 20 * MINUTE_MS)
    stay = [facts(VISITOR, event_id=f"{step:09}", at_ms=NOON + step) for step in steps]
    (key,) = (sessions := oracle(sent(*stay, arrival_ms=DAY + 2 * DAY_MS)).sessions)
    assert [one.touches for one in sessions[key]] == [len(steps)]
    more = facts(VISITOR, event_id="more", at_ms=NOON + DAY_MS + 1)
    cut = oracle(sent(*stay, more, arrival_ms=DAY + 2 * DAY_MS)).sessions[key]
    assert [(one.started_ms, one.touches) for one in cut] == [(NOON, 36), (DAY + DAY_MS, 38)]


def test_row_says_what_became_of_it() -> None:
    expected = oracle(sent(facts(EMAIL, VISITOR, junk=True, columns={"url_path": "/a"})))
    (touch,) = expected.touches.values()
    row = event_row(touch, touch.one, "v")
    assert {name: row[name] for name in ("folded_into", "rule", "weight", "cap", "cap_value", "flags", "url_path")} == {
        "folded_into": EMAIL, "rule": "page_view", "weight": 1.0, "cap": 20, "cap_value": "pages",
        "flags": ["junk_identifier"], "url_path": "/a",
    }  # fmt: skip
    assert (row["raw_topic"], row["raw_partition"], row["raw_offset"]) == ("t-visits", 0, 0)
    assert (row["subject"], row["engaged_ms"], row["too_late"]) == ("", None, False)
