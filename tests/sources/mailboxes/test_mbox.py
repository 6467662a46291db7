"""Mails of an mbox file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.mailboxes.mbox import split_mbox
from sources.mailboxes.raw_mail import RawMail


def mails(*lines: bytes, keep_body: bool = False) -> list[RawMail]:
    return list(split_mbox([line + b"\n" for line in lines], keep_body))


@pytest.mark.parametrize(
    "separator",
    [
        b"From ada@example.org Mon Nov 30 10:00:00 2026",
        b"From - Mon Nov 30 10:00:00 2026",
        b"From 1780000000000000000@xxx Mon Nov 30 10:00:00 +0000 2026",
        b"From MAILER-DAEMON Mon Nov 30 10:00 2026",
        b"From ",
        b"From -",
    ],
)
def test_mails_begin_at_separators(separator: bytes) -> None:
    found = mails(separator, b"A: 1", b"", b"text", b"", separator, b"A: 2", b"")
    assert [(one.line_no, one.head) for one in found] == [(1, b"A: 1\n"), (6, b"A: 2\n")]


@pytest.mark.parametrize(
    "line",
    [
        b"From now on we ship on Mondays at 10:00.",
        b">From ada@example.org Mon Nov 30 10:00:00 2026",
        b"From: ada@example.org",
        b"from ada@example.org Mon Nov 30 10:00:00 2026",
        b"From " + b"1" * 2_000 + b" 10:00:00 2026",
    ],
)
def test_text_is_no_separator(line: bytes) -> None:
    assert len(mails(b"From ", b"A: 1", b"", b"text", b"", line, b"text")) == 1


def test_separator_within_a_paragraph_is_text() -> None:
    assert len(mails(b"From ", b"A: 1", b"", b"text", b"From ada@example.org Mon Nov 30 10:00:00 2026")) == 1


def test_mails_without_bodies_and_blank_lines_are_separate() -> None:
    assert [one.head for one in mails(b"From -", b"A: 1", b"From -", b"A: 2")] == [b"A: 1\n", b"A: 2\n"]


def test_file_without_a_separator_is_one_mail() -> None:
    assert mails(b"", b"A: 1", b"", b"text") == [RawMail(2, b"A: 1\n", b"", 11)]
    assert mails() == mails(b"", b"") == []


def test_quoted_separators_of_a_kept_body_are_unquoted() -> None:
    (mail,) = mails(b"From -", b"A: 1", b"", b">From a", b">>From b", b">Fro", keep_body=True)
    assert mail.body == b"From a\n>From b\n>Fro\n"


@given(st.lists(st.sampled_from([b"From -\n", b"\n", b"A: 1\n", b"text\n", b"\xff\n"]), max_size=20))
def test_each_line_belongs_to_one_mail(lines: list[bytes]) -> None:
    found = list(split_mbox(lines, True))
    assert sum(one.size_bytes for one in found) <= sum(map(len, lines))
    assert [one.line_no for one in found] == sorted({one.line_no for one in found})
