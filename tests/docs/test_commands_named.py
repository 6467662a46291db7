"""Every command and option that a page shows exists."""

import ast
import json
import re
import shlex
from pathlib import Path

import click
import pytest

from schemas.channels import CHANNELS
from tests.docs.pages import PAGES, ROOT, command_lines, fenced, text_of
from touchline.cli.main import cli
from touchline.settings import PREFIX, Settings

LINES = sorted({line for page in PAGES for line in command_lines(page)})


def parse(line: str) -> click.Command:
    """The command that a line calls. Raises click's errors for options there are not, and too many words."""
    words = shlex.split(line.partition(" > ")[0], comments=True)[1:]
    command: click.Command = cli
    path = ["touchline"]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.commands.get(words[0])
        assert found is not None, f"there is no command {' '.join([*path, words[0]])}"
        command, words = found, words[1:]
        path.append(words[0] if words else "")
    context = click.Context(command, info_name=line)
    _, left, _ = command.make_parser(context).parse_args(list(words))
    assert not left, f"{line}: {left}"
    return command


@pytest.mark.parametrize("line", LINES)
def test_what_is_to_be_typed_can_be_typed(line: str) -> None:
    parse(line)


def test_quick_start_shows_every_command() -> None:
    shown = {parse(line).name for line in command_lines(ROOT / "docs" / "quickstart.md")} | {"demo"}
    assert {name for name in cli.commands if name not in ("migrate", "schema")} <= shown | {
        "import",
        "quarantine",
        "identity",
        "key",
        "token",
        "hook",
    }


def test_a_command_there_is_not_would_be_noticed() -> None:
    with pytest.raises(AssertionError, match="there is no command"):
        parse("touchline sell everything")
    with pytest.raises(click.NoSuchOption):
        parse("touchline top --forever")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_setting_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z][A-Z_]*[A-Z]", page.read_text(encoding="utf-8")))
    assert named <= {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {"TOUCHLINE_TEST_KAFKA"}


def test_make_has_the_targets_that_are_named() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", ["README.md", "docs/quickstart.md"])
def test_touches_that_curl_sends_are_accepted_by_intake(page: str) -> None:
    found = re.findall(r"^    curl \S+/v1/touches .* -d '\n(.*?)'$", text_of(page), re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    touch = json.loads(found[0])
    CHANNELS[touch.pop("channel")].model_validate(touch)


def test_touches_of_the_quick_start_are_accepted_by_intake() -> None:
    visit, emitted = (ast.parse(code) for code in fenced("docs/quickstart.md", "python"))
    (touch,) = [ast.literal_eval(node) for node in ast.walk(visit) if isinstance(node, ast.Dict)]
    touches = {"visits": touch}
    for node in ast.walk(emitted):
        match node:
            case ast.Call(ast.Attribute(attr="emit"), [ast.Constant(str(channel)), ast.Dict() as touch]):
                touches[channel] = ast.literal_eval(touch)
    assert list(touches) == ["visits", "calls", "messages", "tickets"]
    for channel, touch in touches.items():
        CHANNELS[channel].model_validate(touch)
