"""CSV rows, and damage confined to the line of an unclosed quotation mark."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.tables.csv_rows import CsvRows, DamagedRow, Row
from sources.tables.text_lines import LONGEST_LINE
from tests.tables import table

WIDTH = 3


def rows_of(text: str, delimiter: str = ",", width: int = WIDTH) -> list[Row | DamagedRow]:
    rows = CsvRows(iter(io.StringIO(text, newline="")), delimiter)
    rows.widths = (width,)
    return list(rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b,c\n1,2,3\n", [(1, ["a", "b", "c"]), (2, ["1", "2", "3"])]),
        ("a,b,c\r\n1,2,3", [(1, ["a", "b", "c"]), (2, ["1", "2", "3"])]),
        ("a,b,c\r1,2,3\r", [(1, ["a", "b", "c"]), (2, ["1", "2", "3"])]),
        ('"a","b,b","c ""c"""\n', [(1, ["a", "b,b", 'c "c"'])]),
        ('a,"two\nlines",c\n1,2,3\n', [(1, ["a", "two\nlines", "c"]), (3, ["1", "2", "3"])]),
        ('a,"two\r\n\r\nblank",""\n', [(1, ["a", "two\r\n\r\nblank", ""])]),
        ('5" pipe,b,c\n', [(1, ['5" pipe', "b", "c"])]),
        ("\n", [(1, [""])]),
    ],
)
def test_rows_have_the_number_of_their_first_line(text: str, rows: list[tuple[int, list[str]]]) -> None:
    assert rows_of(text) == [Row(line_no, cells) for line_no, cells in rows]


GOOD = "1,2,3\n"


@table(
    "bad",
    [
        'a,b,"Bob\n',  # never closed
        '"a,b,c\n',
        'a,"b,c\n',
        'a,"b"b,c\n',
        '"a,"b, b",c\n',
        'a,"""b,c\n',
        'a,"""\n',
    ],
)
@table("behind", [GOOD * 400, GOOD * 3 + '1,"2",3\n', '1,"2\n2",3\n', '1,", 2",3\n', '5" pipe,2,3\n', ""])
def test_a_damaged_line_does_not_damage_others(bad: str, behind: str) -> None:
    found = rows_of(GOOD + bad + behind)
    assert [type(one) for one in found] == [Row, DamagedRow, *[Row] * len(list(csv.reader(io.StringIO(behind))))]
    damaged = found[1]
    assert isinstance(damaged, DamagedRow)
    assert (damaged.line_no, damaged.reason) == (2, "bad_csv")
    assert repr(bad.strip())[1:-1] in damaged.detail


def test_several_damaged_lines_do_not_damage_others() -> None:
    kinds = Counter(type(one) for one in rows_of((GOOD * 7 + 'a,b,"Bob\n') * 50))
    assert kinds == {Row: 350, DamagedRow: 50}


def test_one_stray_quote_in_6000_rows_damages_one() -> None:
    lines = [f"answered,2026-11-27 08:00:00,+49309{n},ok\n" for n in range(6_000)]
    lines[10] = lines[10].replace("ok", '"Bob')
    found = rows_of("".join(lines), width=4)
    assert Counter(type(one) for one in found) == {Row: 5_999, DamagedRow: 1}
    assert [one.line_no for one in found if isinstance(one, DamagedRow)] == [11]


def test_a_line_that_is_too_long_does_not_damage_the_next() -> None:
    rows = CsvRows(iter(["x" * LONGEST_LINE, GOOD]), ",")
    assert [type(one) for one in rows] == [DamagedRow, Row]


class Counted:
    """An iterator over lines that counts their characters as they are read."""

    def __init__(self, line: str, count: int) -> None:
        self.line = line
        self.count = count

    def __iter__(self) -> Iterator[str]:
        return iter([self.line] * self.count)


@pytest.mark.parametrize("line", ['a,b","c\n', 'a,"b\n', 'a,""b"",c\n', '"a\n', 'a,"b""\n'])
def test_reading_lines_again_is_bounded(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    fed = 0
    feed = CsvRows._feed

    def counting(self: CsvRows, taken: list[tuple[int, str]]) -> Iterator[str]:
        nonlocal fed
        for one in feed(self, taken):
            fed += 1
            yield one

    monkeypatch.setattr(CsvRows, "_feed", counting)
    count = 3_000
    rows = CsvRows(iter(Counted(line, count)), ",")
    rows.widths = (WIDTH,)
    assert len(list(rows)) == count
    assert fed <= count * (WIDTH + 2)


def written(rows: list[list[str]], delimiter: str) -> list[str]:
    """Return each row as text."""
    texts = []
    for row in rows:
        file = io.StringIO()
        csv.writer(file, delimiter=delimiter).writerow(row)
        texts.append(file.getvalue())
    return texts


# Each line of a cell begins with a word here. After an unclosed quotation mark, a line of a cell that begins with a
# line end or a delimiter cannot be distinguished from the end of a row.
cells = st.text(st.sampled_from('ab" ,;\n'), max_size=6).filter(lambda cell: "\n" not in cell or cell[0] in "ab ")
table = st.lists(st.lists(cells, min_size=WIDTH, max_size=WIDTH), min_size=2, max_size=8)


@given(table, st.sampled_from(",;\t"))
def test_written_rows_are_read_back(rows: list[list[str]], delimiter: str) -> None:
    found = rows_of("".join(written(rows, delimiter)), delimiter)
    assert [one.cells for one in found if isinstance(one, Row)] == rows


@given(table, st.data())
def test_rows_around_a_damaged_one_are_read(rows: list[list[str]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    texts = written(rows, ",")
    texts[at] = data.draw(st.sampled_from(['x,y,"z\r\n', '"x,y,z\r\n', 'x,"y,z\r\n', 'x,"y"y,z\r\n']))
    found = rows_of("".join(texts))
    left = iter(one.cells for one in found if isinstance(one, Row))
    assert all(any(row == cells for cells in left) for n, row in enumerate(rows) if n != at)
    assert sum(isinstance(one, DamagedRow) for one in found) >= 1


@given(st.text(st.sampled_from('a",\n\r'), max_size=60))
def test_every_line_belongs_to_one_row(text: str) -> None:
    found = rows_of(text)
    lines = list(io.StringIO(text, newline=""))
    starts = [one.line_no for one in found]
    assert starts == sorted(set(starts))
    assert (starts[:1], len(starts) <= len(lines)) == ([1][: len(lines)], True)
