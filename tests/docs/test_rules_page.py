from pathlib import Path

import pytest

from streams.rules.evaluator import Rules
from streams.rules.model import FIELDS
from tests.docs.pages import fenced, rows, text_of
from touchline.errors import CliError
from touchline.worker.rules_file import read_rules

PAGE = "docs/rules.md"
WRONG = """half_life_days = 7
# what is wrong with this rule is shown on the page

[[rule]]
name = "pricing"
channel = "visits"
type = "pages"
when = { urlpath = { starts_with = "/pricing" } }
weight = "5"
"""


def read(folder: Path, text: str) -> Rules:
    """Rules from a file of that text."""
    file = folder / "my-rules.toml"
    file.write_text(text)
    return read_rules(file)


def test_the_example_is_a_good_file(tmp_path: Path) -> None:
    (example,) = fenced(PAGE, "toml")
    rules = read(tmp_path, example)
    assert [rule.name for rule in rules.rules] == [
        "pricing", "long_call", "mail_clicked", "pro_form", "any_form", "unsubscribed",
    ]  # fmt: skip
    assert not rules.warnings


@pytest.mark.parametrize("condition", sorted(rows(PAGE, "{")))
def test_every_condition_that_is_shown_is_one(tmp_path: Path, condition: str) -> None:
    channel = '[[rule]]\nname = "shown"\nchannel = "calls"\nweight = 1\nwhen = '
    assert read(tmp_path, f"{channel}{condition}\n").rules[0].when


def test_every_field_that_is_named_is_one() -> None:
    paragraph = text_of(PAGE).partition("The most useful fields:")[2].partition(". A text")[0]
    named = paragraph.replace("`", "").replace("\n", " ").split(",")
    assert named
    assert {name.strip() for name in named} <= set(FIELDS)


def test_errors_are_told_as_shown(tmp_path: Path) -> None:
    with pytest.raises(CliError) as refused:
        read(tmp_path, WRONG)
    (shown,) = fenced(PAGE, "")
    assert str(refused.value).replace(f"{tmp_path}/", "") == shown.strip()
