"""The addresses that `touchline up` and the demo print."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from touchline.local.system import LocalSystem
from touchline.local.up import print_addresses
from touchline.settings import read_settings


def printed(folder: Path, capfd: pytest.CaptureFixture[str], key: str = "tl_x") -> str:
    """Return what is printed for a system on this folder."""
    system = SimpleNamespace(
        settings=read_settings(data=str(folder)),
        folder=folder,
        reader_url="http://h:1/touchline",
        collector_url="http://h:2",
        api_url="http://h:3",
        login_link=lambda: "http://h:3/login/once?code=x",
        demo_key=key,
    )
    print_addresses(cast("LocalSystem", system))
    return "".join(capfd.readouterr())


def test_commands_are_shown_without_the_default_folder(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = printed(folder, capfd).splitlines()
    assert "  try         touchline status · touchline top · touchline import --help" in lines


def test_the_pages_are_linked(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = printed(folder, capfd)
    assert "  pages       http://h:3/login/once?code=x " in lines
    assert "  API         http://h:3/v1 " in lines


def test_a_first_touch_can_be_sent_with_the_demo_key(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = printed(folder, capfd)
    assert "  collector   http://h:2 " in lines
    assert "    curl http://h:2/v1/touches -H 'Authorization: Bearer tl_x' -d '" in lines
    assert "Or visit http://h:2/demo and" in lines


def test_a_revoked_demo_key_is_not_shown(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = printed(folder, capfd, key="")
    assert "curl" not in lines
    assert "touchline key create --source NAME" in lines


def test_commands_are_shown_with_another_folder(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    other = folder / "my data"
    assert f"touchline status · touchline top · touchline import --help, each with --data '{other}'" in printed(
        other, capfd
    )
