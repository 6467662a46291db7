"""Tables of the live view: one line for each row at any width, similar touches grouped."""

from io import StringIO

import pytest
from rich.console import Console, RenderableType

from dashboards.answers.score import Score
from dashboards.answers.similar_touches import group_similar, summarise
from dashboards.answers.timeline import Entry
from dashboards.answers.top import Ranked
from dashboards.terminal.live_tables import live_timeline, live_top
from dashboards.terminal.views import timeline_table

AT_MS = 1_800_000_000_000


def mail(at_ms: int, number: int, **changed: object) -> Entry:
    given: dict[str, object] = {
        "event_id": f"e{number}", "channel": "emails", "type": "received", "occurred_ms": at_ms, "received_ms": at_ms,
        "folded_into": "email:a@example.org", "identifiers": (), "flags": (), "bot": False, "too_late": False,
        "beyond_window": False, "weight": 20.0, "rule": "", "about": {"direction": "inbound"}, "properties": {},
    }  # fmt: skip
    return Entry(**(given | changed))  # type: ignore[arg-type]


def ranked(place: int, name: str = "", source: str = "google") -> Ranked:
    traits = {"name": name} if name else {}
    return Ranked(
        place,
        f"customer_id:{place:08}",
        0.0,
        Score(348.0 + place, 348.0 + place, 0.0),
        12,
        AT_MS,
        source,
        "",
        "",
        "",
        traits,
        {},
    )


def drawn(made: RenderableType, width: int) -> list[str]:
    out = StringIO()
    Console(file=out, width=width, markup=False).print(made)
    return [line.rstrip() for line in out.getvalue().splitlines()]


TEN = [mail(AT_MS + number % 3, number) for number in range(10)]


def test_ten_mails_of_one_second_are_one_line() -> None:
    assert [number for _, number in group_similar(TEN)] == [10]
    assert "inbound ×10" in "\n".join(drawn(timeline_table(TEN), 100))
    assert len(drawn(live_timeline(TEN, 60, 10), 60)) == 3


@pytest.mark.parametrize(
    "other",
    [
        mail(AT_MS + 1000, 1),
        mail(AT_MS, 1, type="sent"),
        mail(AT_MS, 1, channel="calls"),
        mail(AT_MS, 1, weight=10.0),
        mail(AT_MS, 1, bot=True),
        mail(AT_MS, 1, flags=("past",)),
        mail(AT_MS, 1, about={"subject": "a question"}),
    ],
)
def test_different_touches_have_separate_lines(other: Entry) -> None:
    assert [number for _, number in group_similar([mail(AT_MS, 0), other, mail(AT_MS, 2)])] == [1, 1, 1]


def test_summary_of_touches_of_each_channel() -> None:
    assert summarise(mail(0, 1, channel="calls", about={"outcome": "agent", "duration_s": 338.0})) == "agent, 338 s"
    assert summarise(mail(0, 1, about={"direction": "inbound", "subject": "a question"})) == "a question"
    assert summarise(mail(0, 1, channel="of another version", about={"mood": "fine", "wait_s": 7.0})) == "fine, 7 s"
    assert summarise(mail(0, 1, about={})) == "-"


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_each_row_is_one_line_at_any_width(width: int) -> None:
    long = [ranked(1, "Edna Doe-Notexist " * 5, "https://" + "x" * 300), ranked(2), ranked(3, "\x1b[2J\u202e[red]")]
    lines = drawn(live_top(long, width), width)
    assert len(lines) == 5
    assert max(map(len, lines)) <= width
    entries = [
        mail(AT_MS - 60_000 * number, number, about={"url": "https://x.example/" + "y" * 300}) for number in range(5)
    ]
    lines = drawn(live_timeline(entries, width, 4), width)
    assert len(lines) == 6
    assert max(map(len, lines)) <= width


def test_60_columns_show_name_score_and_source() -> None:
    lines = drawn(live_top([ranked(1, "Edna Mockingham"), ranked(2)], 60), 60)
    assert lines[2].split() == ["1", "Edna", "Mockingham", "349.0", "google"]
    assert lines[3].split() == ["2", "customer_id:00000002", "350.0", "google"]


def test_wide_view_shows_all_columns() -> None:
    text = "\n".join(drawn(live_top([ranked(1, "Edna Mockingham")], 120), 120))
    for word in ("Edna Mockingham", "customer_id:00000001", "349.0", "google", "12", "2027-01-15T08:00:00Z"):
        assert word in text
