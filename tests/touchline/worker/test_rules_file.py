"""Reading a rules file and its errors."""

from pathlib import Path

import pytest

from touchline.errors import CliError
from touchline.worker.rules_file import read_rules

GOOD = '[[rule]]\nname = "page"\nchannel = "visits"\ntype = "page"\nweight = 1\n'


def test_default_rules_are_read_without_a_file() -> None:
    rules = read_rules(None)
    assert rules.half_life_ms == 7 * 86_400_000
    assert rules.rules


def test_rules_file_replaces_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(f"half_life_days = 3\n{GOOD}")
    rules = read_rules(file)
    assert (rules.half_life_ms, [rule.name for rule in rules.rules]) == (3 * 86_400_000, ["page"])


def test_every_error_is_reported_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(GOOD.replace("weight = 1", 'weight = "much"') + GOOD.replace('"visits"', '"visit"'))
    with pytest.raises(CliError) as refused:
        read_rules(file)
    lines = str(refused.value).splitlines()
    assert refused.value.code == 78
    assert [line.partition(": ")[0] for line in lines] == [f"{file}:5", f"{file}:7", f"{file}:8"]


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_bytes(b"\xff")])
def test_unreadable_file_is_one_sentence(tmp_path: Path, make: object) -> None:
    file = tmp_path / "rules.toml"
    assert callable(make)
    make(file)
    with pytest.raises(CliError) as refused:
        read_rules(file)
    assert str(file) in str(refused.value)
    assert "TOUCHLINE_RULES" in str(refused.value)


def test_missing_file_is_reported_without_an_errno(tmp_path: Path) -> None:
    with pytest.raises(CliError, match=r"cannot be read \(No such file or directory\): correct the file, or its name"):
        read_rules(tmp_path / "none.toml")
