"""`touchline --help` and the completion of commands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from touchline.cli.help_page import OTHERS, SECTIONS
from touchline.cli.main import cli

ROOT = Path(__file__).parents[3]
HELP = CliRunner().invoke(cli, ["--help"]).output


def test_every_command_is_in_one_section() -> None:
    named = [name for names in SECTIONS.values() for name in names]
    assert len(named) == len(set(named))
    assert set(cli.commands) <= set(named)
    assert OTHERS not in HELP


def test_sections_are_in_the_order_of_use() -> None:
    assert [HELP.index(f"{title}:") for title in SECTIONS] == sorted(HELP.index(f"{title}:") for title in SECTIONS)
    assert HELP.index("  demo") < HELP.index("  up") < HELP.index("  import") < HELP.index("  worker")


def test_no_summary_of_a_command_is_truncated() -> None:
    assert "..." not in HELP.partition("Options:")[2]
    words = " ".join(HELP.split())
    for command in cli.commands.values():
        assert " ".join(command.get_short_help_str(limit=1000).split()) in words


def test_help_page_has_first_steps() -> None:
    assert "Start with `touchline demo`" in HELP


def with_completion(instruction: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "touchline"],
        env={**os.environ, "_TOUCHLINE_COMPLETE": instruction, **variables},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_available_for_each_shell(shell: str) -> None:
    if shell == "bash" and subprocess.run(["bash", "--norc", "-c", ":"], check=False).returncode:
        pytest.skip("click asks bash for its version, and there is none")
    assert f"_TOUCHLINE_COMPLETE={shell}_source touchline" in HELP
    assert "_touchline_completion" in with_completion(f"{shell}_source")


@pytest.mark.parametrize(
    ("words", "completed"),
    [("touchline qu", "quarantine"), ("touchline quarantine re", "replay"), ("touchline top --j", "--json")],
)
def test_commands_and_options_are_completed(words: str, completed: str) -> None:
    found = with_completion("bash_complete", COMP_WORDS=words, COMP_CWORD=str(words.count(" ")))
    assert found.splitlines() == [f"plain,{completed}"]
