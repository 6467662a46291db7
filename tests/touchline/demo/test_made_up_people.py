"""Invented people that join the recordings."""

from collections import Counter

from schemas.channels import CHANNELS
from sources.outcome import Emit
from touchline.demo.made_up_people import MADE_UP, MadeUpPeople, made_up_name

SITE = "http://www.example.com"
BROWSER = "Mozilla/5.0 (X11; Linux) Firefox/30"


def visit(visitor: str, at_ms: int, agent: str = BROWSER) -> Emit:
    return Emit("visits", {"anonymous_id": visitor, "occurred_at": at_ms, "user_agent": agent})


def people(visitors: int = 5, senders: int = 4, callers: int = 3, most: int = 10) -> MadeUpPeople:
    joined = MadeUpPeople(SITE, most)
    for n in range(visitors):
        for at_ms in range(0, 100 * (visitors - n), 100):
            joined.see(visit(f"v{n}", 1_000_000 + at_ms))
    for n in range(senders):
        for at_ms in (5, 4, 6):
            joined.see(Emit("emails", {"email": f"p{n}@x.example", "occurred_at": at_ms}))
    joined.see(Emit("calls", {"occurred_at": 5}))
    for n in range(callers):
        joined.see(Emit("calls", {"customer_id": f"c{n}", "occurred_at": 5}))
    return joined


def test_each_person_has_one_login_and_one_form() -> None:
    made = [one.touch for one in people().touches()]
    assert [(one.get("anonymous_id"), one["email"], one.get("customer_id")) for one in made] == [
        ("v0", "p0@x.example", None),
        (None, "p0@x.example", "c0"),
        ("v1", "p1@x.example", None),
        (None, "p1@x.example", "c1"),
        ("v2", "p2@x.example", None),
        (None, "p2@x.example", "c2"),
    ]
    assert {one["occurred_at"] for one in made} == {4}, "the time of each sender's first mail"


def test_touches_are_marked_as_made_up_and_valid() -> None:
    made = list(people().touches())
    for one in made:
        assert one.channel == "visits"
        assert one.touch["source"] == MADE_UP
        CHANNELS["visits"].model_validate(one.touch)
    properties = made[0].touch["properties"]
    assert properties == {"traits": {"name": "Ada Inventsson", "company": "Made-up Company 1"}}


def test_same_touches_give_the_same_people() -> None:
    assert list(people().touches()) == list(people().touches())
    assert list(people(most=2).touches()) == list(people().touches())[:4]


def test_robots_and_unknown_programs_are_not_people() -> None:
    joined = people(visitors=0)
    for agent in ("Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/7.1", "", "Mozilla/5.0 (compatible; YandexBot/3.0)"):
        joined.see(visit("robot", 1, agent))
    assert list(joined.touches()) == []


def test_ids_and_names_are_distinct() -> None:
    ids = Counter(one.touch["event_id"] for one in people(40, 40, 40, 40).touches())
    assert (len(ids), max(ids.values())) == (80, 1)
    assert len({made_up_name(n) for n in range(500)}) == 500
