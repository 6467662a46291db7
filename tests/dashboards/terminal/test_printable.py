"""Escapes for characters that control a terminal."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.terminal.printable import dot_unprintable, escape_json, escape_unprintable
from tests.tables import table

MEANT = ["\x07", "\x08", "\x1b", "\x7f", "\x80", "\x85", "\x9b", "\x9d", "\r", "\x00"]  # controls, C1 among them
MEANT += list("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # bidirectional
MEANT += list("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e")  # without a width
MEANT += ["\u2028", "\u2029", "\ud800", "\udfff", "\ufff9", "\U000e0001", "\U000e0041"]


def is_harmful(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


texts = st.text(st.one_of(st.characters(), st.sampled_from(MEANT)))


@table("letter", MEANT)
def test_control_character_is_escaped(letter: str) -> None:
    assert dot_unprintable(f"a{letter}b") == "a·b"
    assert escape_unprintable(f"a{letter}b").isascii()
    assert escape_unprintable(f"a{letter}b").encode("ascii").decode("unicode_escape") == f"a{letter}b"


@pytest.mark.parametrize(
    "text", ["ada@example.org", "עדה", "山田\u3000太郎", "1\u00a0000", "é", "e\u0301", "👍", "[red]x[/y]", "C:\\x"]
)
def test_names_of_people_stay_unchanged(text: str) -> None:
    assert dot_unprintable(text) == escape_unprintable(text) == text


@given(texts)
def test_escaped_text_has_no_control_characters(text: str) -> None:
    for made in (
        dot_unprintable(text),
        escape_unprintable(text),
        escape_unprintable(text, keep="\n\t").replace("\n", "").replace("\t", ""),
    ):
        assert not [letter for letter in made if is_harmful(letter)]


@given(st.dictionaries(texts, st.lists(st.one_of(texts, st.integers(), st.floats(allow_nan=False)))))
def test_escaped_json_has_the_same_values_and_no_control_characters(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False, indent=2)
    made = escape_json(written)
    assert json.loads(made) == json.loads(written)
    assert not [letter for letter in made.replace("\n", "") if is_harmful(letter)]
