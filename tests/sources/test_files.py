"""Plain and packed input files, and standard input."""

import bz2
import gzip
import io
import lzma
import random
import sys
from pathlib import Path

import pytest
import zstandard

from sources.files import LONGEST_LINE_BYTES, FileReadError, open_file

LINES = [b"one\n", b"two\r\n", b"\xff\x00three\n", b"the last has no end"]


@pytest.mark.parametrize("packed", [False, True])
def test_plain_and_gzip_are_distinguished_by_content(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "named.anything"
    content = b"".join(LINES)
    path.write_bytes(gzip.compress(content) if packed else content)
    with open_file(str(path)) as file:
        assert list(file) == LINES
        assert file.size_bytes == file.read_bytes() == path.stat().st_size


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bz2.compress(b"a"), "compressed with bzip2: unpack it, as with `bzcat FILE"),
        (lzma.compress(b"a"), "compressed with xz: unpack it, as with `xzcat FILE"),
        (zstandard.compress(b"a"), "compressed with zstd"),
        (b"\x04\x22\x4d\x18\x64", "compressed with lz4"),
        (b"PK\x03\x04\x14\x00", "a workbook or a zip archive: save the workbook's sheet as CSV"),
    ],
)
def test_another_packed_format_raises_with_advice(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "packed"
    path.write_bytes(content)
    with pytest.raises(FileReadError, match=words), open_file(str(path)):
        pass


@pytest.mark.parametrize(
    ("content", "is_text"),
    [(b"a,b\n", True), (b"", True), ("a,b\n".encode("utf-16"), True), (b"\x00\x01\xff\x8b binary", False)],
)
def test_name_of_a_gzip_file_with_other_content(tmp_path: Path, content: bytes, is_text: bool) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(content)
    if is_text:
        with open_file(str(path)) as file:
            assert b"".join(file) == content
        return
    with pytest.raises(FileReadError, match=r"is neither gzip, as its name says, nor text"), open_file(str(path)):
        pass


def test_several_gzip_members_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "rotated.gz"
    path.write_bytes(gzip.compress(b"a\n") + gzip.compress(b"b\n"))
    with open_file(str(path)) as file:
        assert list(file) == [b"a\n", b"b\n"]


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    content = gzip.compress(b"a\nb\n") if packed else b"a\nb\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))
    with open_file("-") as file:
        assert list(file) == [b"a\n", b"b\n"]
        assert (file.size_bytes, file.read_bytes()) == (None, 0)


@pytest.mark.parametrize("closed", ["there is none", "closed"])
def test_closed_standard_input_raises(monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    stdin = io.TextIOWrapper(io.BytesIO())
    stdin.close()
    monkeypatch.setattr(sys, "stdin", None if closed == "there is none" else stdin)
    with pytest.raises(FileReadError, match="standard input is closed: name a file"), open_file("-"):
        pass


@pytest.mark.parametrize("packed", [False, True])
def test_the_content_is_read_in_blocks(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "some"
    content = b"x" * (2 * LONGEST_LINE_BYTES) + b"\ry\n"
    path.write_bytes(gzip.compress(content) if packed else content)
    with open_file(str(path)) as file:
        blocks = list(file.blocks())
    assert b"".join(blocks) == content
    assert len(blocks) > 1


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    with open_file(str(path)) as file:
        assert list(file) == []


def test_a_long_line_is_cut_and_the_next_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"x" * (2 * LONGEST_LINE_BYTES + 5) + b"\nnext\n" + b"y" * LONGEST_LINE_BYTES + b"\nlast\n")
    with open_file(str(path)) as file:
        assert [(line[:1], len(line)) for line in file] == [
            (b"x", LONGEST_LINE_BYTES),
            (b"n", 5),
            (b"y", LONGEST_LINE_BYTES),
            (b"l", 5),
        ]


@pytest.mark.parametrize(("name", "words"), [("missing", "there is no such file"), ("", "this is a folder")])
def test_a_file_that_cannot_be_opened_raises(tmp_path: Path, name: str, words: str) -> None:
    path = str(tmp_path / name)
    with pytest.raises(FileReadError) as raised, open_file(path):
        pass
    assert str(raised.value) == f"{path}: {words}" + (": name the files in it" if not name else "")


def test_a_damaged_gzip_file_is_read_up_to_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    chance = random.Random(1)
    lines = [b"%x\n" % chance.getrandbits(400) for _ in range(2000)]
    whole = gzip.compress(b"".join(lines))
    path.write_bytes(whole[: len(whole) // 2])
    read: list[bytes] = []
    with (
        open_file(str(path)) as file,
        pytest.raises(FileReadError, match=r"cut\.gz: the compressed file is damaged"),
    ):
        read.extend(file)
    assert 0 < len(read) < len(lines)
    assert read == lines[: len(read)]
    with (
        open_file(str(path)) as file,
        pytest.raises(FileReadError, match=r"cut\.gz: the compressed file is damaged"),
    ):
        list(file.blocks())
