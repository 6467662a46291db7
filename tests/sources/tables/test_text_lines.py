"""Encodings, byte order marks and line ends of tables."""

import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sources.files import FileReadError
from sources.tables.text_lines import LONGEST_LINE, UNDECODED, check_encoding, text_lines
from tests.tables import table

TEXT = "type,note\r\nanswered,Straße\r\n"


@table(
    ("raw", "encoding"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), ""),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), ""),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), ""),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), ""),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-le"), "UTF16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF16"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("latin-1"), "ISO-8859-1"),
        (TEXT.encode("mac-roman"), "mac-roman"),
        (TEXT.encode("gb18030"), "gb18030"),
    ],
)
@table("size", [1, 3, 1_000])
def test_encodings_are_detected_or_given(raw: bytes, encoding: str, size: int) -> None:
    blocks = [raw[at : at + size] for at in range(0, len(raw), size)]
    assert "".join(text_lines(blocks, encoding)) == TEXT


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 2, 3, 1_000])
def test_all_line_ends_end_lines(end: str, size: int) -> None:
    raw = f"a{end}{end}b".encode()
    assert list(text_lines([raw[at : at + size] for at in range(0, len(raw), size)])) == [f"a{end}", end, "b"]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b"a\xff\xe9b\nnext\n", ""),
        (b"a\x81\nnext\n", "cp1252"),
        (b"a\x80\nnext\n", "ascii"),
        (b"a\xff\nnext\n", "shift_jis"),
        (b"\x61\x00\x00\xdc\x0a\x00" + "next\n".encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_invalid_bytes_are_marked_in_their_line(raw: bytes, encoding: str) -> None:
    bad, good = text_lines([raw], encoding)
    assert UNDECODED in bad
    assert good == "next\n"


def test_a_long_line_is_cut_and_the_next_one_is_not() -> None:
    lines = [len(line) for line in text_lines([b"x" * (2 * LONGEST_LINE + 7), b"\r", b"next"])]
    assert lines == [LONGEST_LINE, 4]


@pytest.mark.parametrize("head", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_raises_with_advice(head: bytes) -> None:
    with pytest.raises(FileReadError, match="save its sheet as CSV"):
        list(text_lines([head, b'"\n']))


def test_an_empty_file_has_no_lines() -> None:
    assert list(text_lines([])) == []


@pytest.mark.parametrize("name", ["latin-2000", "hex", "zip", "rot13", "undefined", "", "idna"])
def test_an_unknown_encoding_raises(name: str) -> None:
    with pytest.raises(ValueError, match="unknown encoding"):
        check_encoding(name)


@given(st.lists(st.binary(max_size=9), max_size=9), st.sampled_from(["", "utf-16", "utf-32", "gb18030", "cp1252"]))
def test_any_bytes_are_split_into_lines(blocks: list[bytes], encoding: str) -> None:
    assume(not b"".join(blocks).startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")))  # workbooks are rejected
    lines = list(text_lines(blocks, encoding))
    assert all(lines)
    assert all(line.endswith(("\n", "\r")) for line in lines[:-1])
