"""The pictures of the documents as SVG: run `python docs/pictures/make.py` after a change here.

Each picture has a light panel of its own, so that it can be read on a light and on a dark page.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

_INK: Final = "#1f2933"
_SOFT: Final = "#52606d"
_PANEL: Final = "#fbfcfd"
_FAILURE: Final = "#a61e4d"
# Fill and border of a box by what it is.
_STYLES: Final = {
    "outside": ("#ffffff", "#9aa5b1"),
    "topic": ("#fff3bf", "#e0a800"),
    "stage": ("#c5f6fa", "#0b7285"),
    "state": ("#e5dbff", "#6741d9"),
    "store": ("#d3f9d8", "#2b8a3e"),
    "frame": ("none", "#9aa5b1"),
}


class Picture:
    """Boxes, arrows and lines of text; coordinates are pixels from the top left corner."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self._lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'font-family="sans-serif" font-size="13" role="img" aria-label="{escape(title)}">',
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z" fill="{_SOFT}"/></marker></defs>',
            f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10" fill="{_PANEL}" '
            'stroke="#cbd2d9"/>',
        ]

    def text(self, x: int, y: int, text: str, *, size: int = 12, colour: str = _SOFT, anchor: str = "middle") -> None:
        """One line of text, at its baseline."""
        self._lines.append(
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(text)}</text>'
        )

    def box(self, kind: str, x: int, y: int, width: int, height: int, title: str, notes: Sequence[str] = ()) -> None:
        """A box with a bold title and lines below it."""
        fill, border = _STYLES[kind]
        dash = ' stroke-dasharray="5 4"' if kind == "frame" else ""
        self._lines.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="{border}"{dash}/>'
        )
        top = y + 18 if kind == "frame" else y + (height - 16 * len(notes)) // 2 + 5
        self._lines.append(
            f'<text x="{x + width // 2}" y="{top}" text-anchor="middle" font-weight="bold" fill="{_INK}">'
            f"{escape(title)}</text>"
        )
        for number, note in enumerate(notes, 1):
            self.text(x + width // 2, top + 16 * number, note)

    def arrow(self, *points: tuple[int, int], both: bool = False, dashed: bool = False) -> None:
        """A line through the points with a tip at its end, or at both ends."""
        path = " ".join(f"{'L' if number else 'M'}{x},{y}" for number, (x, y) in enumerate(points))
        self._lines.append(
            f'<path d="{path}" fill="none" stroke="{_SOFT}" stroke-width="1.5" marker-end="url(#tip)"'
            + (' marker-start="url(#tip)"' if both else "")
            + (' stroke-dasharray="5 4"' if dashed else "")
            + "/>"
        )

    def svg(self) -> str:
        """The document."""
        return "\n".join([*self._lines, "</svg>", ""])


def draw_journey() -> str:
    """The way of a touch from its producer to the tables."""
    picture = Picture(760, 560, "The journey of a touch: intake, engage and store between Kafka topics and ClickHouse")
    picture.box("outside", 230, 16, 300, 46, "producers", ["any Kafka client, Emitter, touchline import"])
    picture.arrow((380, 62), (380, 84))
    picture.box("topic", 230, 86, 300, 46, "one raw topic per channel", ["one JSON object per touch"])
    picture.arrow((380, 132), (380, 154))
    picture.box(
        "stage", 230, 156, 300, 62, "1  intake", ["validates, normalises identifiers,", "enriches, weighs by rules"]
    )
    picture.arrow((530, 187), (578, 187))
    picture.box("topic", 580, 160, 164, 54, "quarantine", ["refused messages"])
    picture.arrow((380, 218), (380, 240))
    picture.box("topic", 230, 242, 300, 46, "activity", ["one record per touch, by identifier"])
    picture.arrow((380, 288), (380, 310))
    picture.box(
        "stage", 230, 312, 300, 62, "2  engage", ["counts each touch once, joins", "identifiers, sessions, scores"]
    )
    picture.arrow((230, 330), (206, 330), (206, 265), (228, 265))
    picture.text(112, 292, "links and sums to")
    picture.text(112, 307, "other identifiers")
    picture.box("state", 16, 338, 164, 54, "state", ["two changelogs"])
    picture.arrow((182, 360), (228, 360), both=True)
    picture.arrow((530, 343), (578, 343))
    picture.box("topic", 580, 316, 164, 54, "profiles", ["JSON, compacted"])
    picture.arrow((380, 374), (380, 396))
    picture.box("topic", 230, 398, 300, 30, "timeline: blocks of finished rows")
    picture.arrow((380, 428), (380, 450))
    picture.box("stage", 230, 452, 300, 30, "3  store: each row exactly once")
    picture.arrow((380, 482), (380, 504))
    picture.box(
        "store", 130, 506, 500, 42, "ClickHouse", ["events, profiles, sessions, identities, rollups, quarantine"]
    )
    return picture.svg()


def draw_architecture() -> str:
    """Containers, flow, state, and what happens when a part fails."""
    picture = Picture(980, 470, "Containers of Touchline, the flow between them, where state is kept, and failures")
    picture.box("outside", 16, 60, 130, 120, "producers", ["trackers,", "mail tools,", "telephony,", "importers"])
    picture.box("frame", 190, 30, 250, 280, "Kafka")
    for number, (name, note) in enumerate(
        (
            ("raw topics", "one per channel"),
            ("activity", "by identifier"),
            ("changelogs", "states, seen"),
            ("timeline", "blocks of rows"),
            ("profiles, quarantine", "output topics"),
        )
    ):
        picture.box("topic", 210, 62 + 48 * number, 210, 40, name, [note])
    picture.box("frame", 490, 30, 250, 280, "workers (any number)")
    picture.box("stage", 510, 62, 210, 40, "intake", ["no state"])
    picture.box("stage", 510, 124, 210, 40, "engage", ["partitions of activity"])
    picture.box(
        "state", 510, 176, 210, 52, "state of its partitions", ["memory or RocksDB;", "standbys on other workers"]
    )
    picture.box("stage", 510, 254, 210, 40, "store", ["partitions of timeline"])
    picture.box(
        "store",
        790,
        150,
        174,
        144,
        "ClickHouse",
        ["events, profiles,", "session_pieces,", "identities, rollups,", "store_blocks: intents"],
    )
    picture.box("outside", 790, 40, 174, 66, "readers", ["touchline top, explain,", "Grafana, SQL"])
    picture.arrow((146, 120), (188, 120))
    picture.arrow((422, 76), (508, 76))
    picture.arrow((508, 92), (422, 124))
    picture.arrow((422, 140), (508, 140), both=True)
    picture.arrow((422, 180), (508, 196), both=True)
    picture.arrow((508, 154), (476, 154), (476, 222), (422, 222))
    picture.arrow((476, 222), (476, 274), (422, 274))
    picture.arrow((422, 236), (508, 274))
    picture.arrow((722, 274), (788, 274), both=True)
    picture.arrow((877, 150), (877, 108))
    failures = (
        "A producer gets no acknowledgement: it sends again; the event id makes the repeat harmless.",
        "Kafka is away: all stages wait; nothing is acknowledged that Kafka does not have.",
        "A worker dies: others take its partitions, read the state from the changelogs, repeat the open batch.",
        "A worker wakes up late: it has lost its lease and writes nothing; values carry their source offset.",
        "ClickHouse is away: rows wait on timeline; profiles are still scored and published.",
    )
    picture.text(16, 340, "When a part fails", size=13, colour=_INK, anchor="start")
    for number, failure in enumerate(failures):
        picture.text(16, 364 + 22 * number, failure, colour=_FAILURE, anchor="start")
    return picture.svg()


PICTURES: Final[dict[str, Callable[[], str]]] = {
    "journey.svg": draw_journey,
    "architecture.svg": draw_architecture,
}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (Path(__file__).parent / name).write_text(draw(), encoding="utf-8")
