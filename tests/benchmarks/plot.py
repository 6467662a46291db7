"""Bar charts as SVG, generated without a library, which browsers and repository pages can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

WIDTH: Final = 720
LABEL: Final = 190
ROW: Final = 30
TOP: Final = 46
VALUE: Final = 150  # right of the longest bar, for its figure
_INK: Final = "#1f2933"
_OURS: Final = "#0b7285"
_THEIRS: Final = "#adb5bd"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; `note` follows its figure."""

    label: str
    value: float
    note: str = ""
    ours: bool = False


def draw_bars(title: str, bars: Sequence[Bar]) -> str:
    """Return an SVG document; the longest bar fills the width. Values must not be negative."""
    most = max((bar.value for bar in bars), default=0.0) or 1.0
    height = TOP + ROW * len(bars) + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="13" role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="26" font-size="15" font-weight="bold" fill="{_INK}">{escape(title)}</text>',
    ]
    for number, bar in enumerate(bars):
        y, long = TOP + ROW * number, (WIDTH - LABEL - VALUE) * bar.value / most
        figure = f"{bar.value:,.0f} {bar.note}".strip()
        lines += [
            f'<text x="{LABEL - 10}" y="{y + 15}" text-anchor="end" fill="{_INK}">{escape(bar.label)}</text>',
            f'<rect x="{LABEL}" y="{y}" width="{long:.1f}" height="21" fill="{_OURS if bar.ours else _THEIRS}"/>',
            f'<text x="{LABEL + long + 7:.1f}" y="{y + 15}" fill="{_INK}">{escape(figure)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
