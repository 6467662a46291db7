"""The secret of the API: a setting, or a file that only its owner can read."""

from pathlib import Path

import pytest

from touchline.api.secret import NAME, read_secret, serve_secret
from touchline.errors import CliError
from touchline.settings import read_settings


def test_a_file_is_made_once(tmp_path: Path) -> None:
    settings = read_settings(data=str(tmp_path / "new"))
    secret = serve_secret(settings)
    assert serve_secret(settings) == secret == read_secret(tmp_path / "new" / NAME)
    assert (tmp_path / "new" / NAME).stat().st_mode & 0o077 == 0


def test_a_setting_comes_first(tmp_path: Path) -> None:
    assert serve_secret(read_settings(data=str(tmp_path), serve_secret="s" * 32)) == b"s" * 32
    assert not (tmp_path / NAME).exists()


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"short")
    with pytest.raises(CliError, match="is damaged"):
        serve_secret(read_settings(data=str(tmp_path)))
