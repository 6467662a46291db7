"""What the next start finds again."""

from pathlib import Path

from touchline.kept import READER, WRITER, users


def test_users_are_made_once_and_shown_to_nobody_else(tmp_path: Path) -> None:
    passwords, path = users(tmp_path)
    assert set(passwords) == {WRITER, READER}
    assert users(tmp_path) == (passwords, path)
    assert path.stat().st_mode & 0o077 == 0
