"""Users of the engine and the passwords that stay valid after a restart."""

import json
from pathlib import Path

import pytest

from deploy.engine.http.auth import authenticate, read_users
from touchline.local.data_folder.credentials import COMMANDS, READER, WRITER, make_users, users_file


def test_users_file_has_no_passwords(tmp_path: Path) -> None:
    passwords = make_users(tmp_path, "touchline")
    text = users_file(tmp_path).read_text()
    assert not [password for password in passwords.values() if password in text]
    assert users_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "reader.key").stat().st_mode & 0o777 == 0o600
    users = read_users(users_file(tmp_path))
    for name, password in passwords.items():
        user = authenticate(users, (name, password))
        assert user is not None
        assert (user.readonly, user.limited, user.database) == (name != WRITER, name != COMMANDS, "touchline")


def test_only_the_password_of_the_reader_stays_the_same(tmp_path: Path) -> None:
    first, second = make_users(tmp_path, "touchline"), make_users(tmp_path, "touchline")
    assert {name for name in first if first[name] == second[name]} == {READER}


def test_two_folders_have_different_passwords(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert make_users(tmp_path / "a", "t")[READER] != make_users(tmp_path / "b", "t")[READER]


def test_password_that_is_set_is_used_for_the_reader(tmp_path: Path) -> None:
    passwords = make_users(tmp_path, "touchline", "dashboards-of-1999")
    assert passwords[READER] == "dashboards-of-1999"
    assert not (tmp_path / "reader.key").exists()


def test_password_of_an_old_folder_stays_valid(tmp_path: Path) -> None:
    old = {WRITER: {"password": "w", "readonly": False}, READER: {"password": "abc_DEF-1", "readonly": True}}
    users_file(tmp_path).write_text(json.dumps(old))
    for _ in range(2):
        assert make_users(tmp_path, "touchline")[READER] == "abc_DEF-1"
        assert "abc_DEF-1" not in users_file(tmp_path).read_text()


@pytest.mark.parametrize("name", ["users.json", "reader.key"])
@pytest.mark.parametrize(
    "damaged", [b"", b"[]", b"{}", b"null", b"\xff\xfe", b'{"reader": 1}', b'{"reader": {"password": 1}}',
                b'{"reader": {"password": "a/b:c@d"}}', b"[" * 100_000, b"password:", b"\0" * 64]
)  # fmt: skip
def test_damaged_file_is_replaced(tmp_path: Path, name: str, damaged: bytes) -> None:
    (tmp_path / name).write_bytes(damaged)
    password = make_users(tmp_path, "touchline")[READER]
    assert len(password) == 43
    assert make_users(tmp_path, "touchline")[READER] == password
