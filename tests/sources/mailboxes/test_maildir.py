"""Folders in Maildir format."""

import gzip
from pathlib import Path

import pytest

from sources.files import FileReadError
from sources.mailboxes.maildir import open_maildir
from sources.mailboxes.raw_mail import RawMail
from sources.outcome import Reject


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_mails_of_all_folders_are_read(tmp_path: Path) -> None:
    put(tmp_path / "cur/2:2,S", b"A: 2\n\ntext\n")
    put(tmp_path / "new/1", b"A: 1\n")
    put(tmp_path / "tmp/9", b"A: 9\n")
    put(tmp_path / ".Sent/cur/3:2,S", gzip.compress(b"A: 3\n"))
    put(tmp_path / ".INBOX.Drafts/cur/4:2,", b"A: 4\n")
    put(tmp_path / "Junk/new/5", b"A: 5\n")
    put(tmp_path / "cur/6:2,DS", b"A: 6\n")
    with open_maildir(str(tmp_path)) as folder:
        found = [one for one in folder.mails(keep_body=False) if isinstance(one, RawMail)]
        assert folder.read_bytes() == folder.size_bytes
    assert {one.where: (one.head, one.left_out) for one in found} == {
        "cur/2:2,S": (b"A: 2\n", ""),
        "cur/6:2,DS": (b"A: 6\n", "draft"),
        "new/1": (b"A: 1\n", ""),
        ".Sent/cur/3:2,S": (b"A: 3\n", ""),
        ".INBOX.Drafts/cur/4:2,": (b"A: 4\n", "draft"),
        "Junk/new/5": (b"A: 5\n", "spam"),
    }
    assert [one.line_no for one in found] == [1, 2, 3, 4, 5, 6]


def test_unreadable_file_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    put(tmp_path / "cur/1", gzip.compress(b"A: 1\n")[:-4])
    put(tmp_path / "cur/2", b"A: 2\n")
    put(tmp_path / "cur/3", b"A: 3\n")
    with open_maildir(str(tmp_path)) as folder:
        (tmp_path / "cur/3").unlink()
        damaged, mail, missing = folder.mails(keep_body=False)
    assert isinstance(damaged, Reject)
    assert (damaged.reason, damaged.line_no) == ("unreadable", 1)
    assert "damaged or cut short" in damaged.detail
    assert isinstance(mail, RawMail)
    assert isinstance(missing, Reject)
    assert "no such file" in missing.detail


@pytest.mark.parametrize(("name", "words"), [("file", "no folder"), ("empty", "no Maildir"), ("missing", "no folder")])
def test_what_is_no_maildir_is_refused(tmp_path: Path, name: str, words: str) -> None:
    put(tmp_path / "file", b"A: 1\n")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileReadError, match=words), open_maildir(str(tmp_path / name)):
        pass
