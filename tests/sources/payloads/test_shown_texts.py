"""Texts that people read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.payloads.shown_texts import label_of, line_of, message_of, message_of_html


@pytest.mark.parametrize(
    ("value", "label"),
    [(" high ", "high"), (3, "3"), (True, ""), (None, ""), ([], ""), (1.5, ""), ("x" * 300, "x" * 200)],
)
def test_labels(value: Any, label: str) -> None:
    assert label_of(value) == label


def test_lengths() -> None:
    assert len(line_of("x" * 9_000)) == 8_000
    assert len(message_of("x" * 9_000)) == 2_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello <b>Ada</b>,</p><p>it&#39;s here.</p>", "Hello Ada,\nit's here."),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("<style>p {color: red}</style>shown<script>alert(1)</script>", "shown"),
        ("<div>\n\n  <div>a</div>\n\n</div>", "a"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("<!-- hidden -->plain", "plain"),
        ("plain", "plain"),
        ("", ""),
        (7, ""),
    ],
)
def test_text_of_html(html: Any, text: str) -> None:
    assert message_of_html(html) == text


@given(st.text(alphabet="<>/pb &;#x\n!-"))
def test_html_of_any_form_has_a_text(html: str) -> None:
    assert len(message_of_html(html)) <= len(html)


def test_a_long_text_is_read_in_linear_time() -> None:
    assert message_of_html("<" * 1_000_000) == "<" * 2_000
    assert message_of_html("<p" * 500_000) == ("<p" * 1_000)
    assert message_of_html(" \n" * 500_000 + "a") == "a"
    assert message_of_html(" " * 1_000_000 + "a") == "a"
