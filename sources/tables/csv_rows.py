"""Parser of CSV (RFC 4180) that confines the damage of an unclosed quotation mark to its line.

Such a mark would swallow the lines after it. A row therefore spans several lines only if it is then well-formed: closed
quotes, no stray ones, as many cells as the header has. Otherwise its first line is rejected and the lines after it are
read again.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sources.outcome import excerpt
from sources.tables.text_lines import LONGEST_LINE

LONGEST_ROW: Final = 1024 * 1024  # characters of a row over several lines
_CREDIT_PER_CHAR: Final = 8
_LEAST_CREDIT: Final = 4 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells. `line_no` is the line where it begins, from 1."""

    line_no: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A line that is not a row. `reason` is bad_csv or too_large; `detail` says what is wrong."""

    line_no: int
    reason: str
    detail: str


class CsvRows:
    """An iterator over the rows of a table. `widths`: allowed numbers of cells; empty until the header is known.

    Time is linear in the length of the text: reading lines again uses up a credit that grows with the text read for the
    first time, and without credit a row may span `_LEAST_CREDIT` characters only.
    """

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines = enumerate(lines, 1)
        self._delimiter = delimiter
        self._again: deque[tuple[int, str]] = deque()  # lines to read again
        self._credit = LONGEST_ROW
        self._well_formed = _well_formed(delimiter)
        self.widths: tuple[int, ...] = ()

    def use_delimiter(self, delimiter: str) -> None:
        """Set the delimiter of the rows that follow."""
        self._delimiter = delimiter
        self._well_formed = _well_formed(delimiter)

    def __iter__(self) -> Iterator[Row | DamagedRow]:
        while (numbered := self._next()) is not None:
            line_no, line = numbered
            if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
                yield DamagedRow(line_no, "too_large", f"the line has more than {LONGEST_LINE:,} characters")
            elif '"' in line:
                yield self._row(line_no, line)
            else:
                yield Row(line_no, line.rstrip("\r\n").split(self._delimiter))

    def _next(self) -> tuple[int, str] | None:
        if self._again:
            return self._again.popleft()
        numbered = next(self._lines, None)
        if numbered is not None:
            self._credit = min(self._credit + _CREDIT_PER_CHAR * len(numbered[1]), LONGEST_ROW)
        return numbered

    def _row(self, line_no: int, line: str) -> Row | DamagedRow:
        lines = [(line_no, line)]
        try:
            cells = next(csv.reader(self._feed(lines), delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            return self._damaged(lines, str(error))
        if len(lines) > 1 and not self._is_well_formed(lines, cells):
            return self._damaged(lines, "")
        return Row(line_no, cells)

    def _feed(self, lines: list[tuple[int, str]]) -> Iterator[str]:
        """Yield the lines of a row. `csv.reader` requests a further one only within quotation marks."""
        yield lines[0][1]
        remaining_chars = max(self._credit, _LEAST_CREDIT) - len(lines[0][1])
        opened = 1  # lower bound of the cells that began in the lines so far
        widest = max(self.widths, default=0)
        while remaining_chars > 0 and (opened <= widest or not widest) and (numbered := self._next()) is not None:
            lines.append(numbered)
            remaining_chars -= len(numbered[1])
            yield numbered[1]
            opened += '"' in numbered[1].replace('""', "")  # the line closed a cell and opened the next

    def _is_well_formed(self, lines: list[tuple[int, str]], cells: list[str]) -> bool:
        if self.widths and len(cells) not in self.widths:
            return False
        return self._well_formed.fullmatch("".join(line for _, line in lines)) is not None

    def _damaged(self, lines: list[tuple[int, str]], fault: str) -> DamagedRow:
        following = lines[1:]
        self._again.extendleft(reversed(following))
        self._credit -= sum(len(line) for _, line in following)
        line_no, line = lines[0]
        if following or not fault:
            fault = "a quotation mark opens a cell and none closes it"
        return DamagedRow(line_no, "bad_csv", f"{fault}: {excerpt(line.rstrip())}")


def _well_formed(delimiter: str) -> re.Pattern[str]:
    """Return a pattern of rows with quotation marks only around cells, or doubled within them. Never backtracks."""
    mark = re.escape(delimiter)
    cell = rf'(?:"(?:[^"]++|"")*+"|[^"{mark}\r\n]*+)'
    return re.compile(rf"{cell}(?:{mark}{cell})*+(?:\r\n|\r|\n)?+")
