"""Invisible characters are dropped, those that part lines or end texts are not."""

from unicodedata import category, is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers.invisible_characters import control_of, narrow, tidy
from tests.tables import table


@table(
    "unseen",
    [
        *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\xad", "\u180e"),  # no width
        *("\u200e", "\u200f", "\u061c", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"),  # direction
        *("\u2066", "\u2067", "\u2068", "\u2069"),
        *("\ufe0f", "\u034f", "\u3164", "\uffa0", "\u2800", "\U000e0041"),  # selectors, fillers, blanks, tags
    ],
)
def test_unseen_characters_are_dropped_anywhere(unseen: str) -> None:
    assert tidy(f"{unseen}a{unseen}b{unseen}") == "ab"
    assert tidy(f" {unseen} a b{unseen} ") == "a b"


@pytest.mark.parametrize("blank", [" ", "\xa0", "\u2003", "\u2009", "\u202f", "\u205f", "\u3000", "\u1680"])
def test_blanks_are_trimmed_and_ordinary(blank: str) -> None:
    assert tidy(f"{blank}a{blank}b{blank}") == "a b"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\t", "\v", "\f", "\x85", "\u2028"])
def test_line_ends_are_trimmed_and_not_joined(end: str) -> None:
    assert tidy(f"a{end}") == "a"
    assert control_of(tidy(f"a{end}b"))


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\u0600"])
def test_control_characters_are_kept_and_named(text: str) -> None:
    assert control_of(tidy(text)) in text


@pytest.mark.parametrize(
    ("text", "written"), [("ａｄａ＠ｅｘ．ｏｒｇ", "ada@ex.org"), ("＋４９", "+49"), ("a。b｡c", "a.b.c"), ("é", "é")]
)
def test_full_width_signs(text: str, written: str) -> None:
    assert narrow(text) == written


@given(st.text())
def test_tidied_text_stays_as_it_is(text: str) -> None:
    found = tidy(text)
    assert tidy(found) == found
    assert is_normalized("NFC", found)
    assert not {category(c) for c in found} & {"Zs"} or " " in found
