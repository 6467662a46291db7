"""Received text is never parsed as rich's markup, and reaches a terminal only through functions that escape it.

Checked on the syntax tree of every module: consoles are created in one module, without markup; classes that parse
markup regardless of the console are not used, or with markup switched off; only `touchline.cli.echo` prints lines.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tables import table

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "sources", "streams", "sinks", "dashboards", "touchline", "deploy")
CONSOLES = "dashboards/terminal/consoles.py"  # the only module that creates consoles
PANELS = ("dashboards/terminal/format.py", "deploy/grafana/")  # a Text as title, which mypy checks; panels of Grafana
ECHO = "touchline/cli/echo.py"
# These print known text to a log.
NO_TERMINAL = ("deploy/engine/", "touchline/api/start.py", "touchline/collector/start.py", "touchline/worker/start.py")
OWN_SWITCH = {"TextColumn", "SpinnerColumn", "Status", "Spinner"}  # each parses markup by default
READERS = {"from_markup", "render_markup"}


def name_of(call: ast.Call) -> str:
    """Return the last name of a call: `print` of `live.console.print`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_false(call: ast.Call, option: str) -> bool:
    return any(
        one.arg == option and isinstance(one.value, ast.Constant) and one.value.value is False for one in call.keywords
    )


def is_constant(call: ast.Call) -> bool:
    return all(isinstance(argument, ast.Constant) for argument in call.args)


def violations(path: str, source: str) -> Iterator[str]:
    """Yield a line for each violation in a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (
            node.module in ("rich.markup", "rich.prompt")
            or (node.module == "rich" and {one.name for one in node.names} & {"print", "markup", "prompt"})
        ):
            yield f"{path}:{node.lineno}: imports from {node.module} what reads markup"
        if isinstance(node, ast.Call):
            yield from (f"{path}:{node.lineno}: {why}" for why in call_violations(path, node))


def call_violations(path: str, call: ast.Call) -> Iterator[str]:
    name = name_of(call)
    method_of_print = isinstance(call.func, ast.Attribute) and name == "print"
    if name == "Console":
        if path != CONSOLES:
            yield "makes a console of its own: use dashboards.terminal.consoles"
        elif not all(is_false(call, option) for option in ("markup", "emoji", "highlight")):
            yield "makes a console that reads markup"
    if name in READERS:
        yield f"{name} reads markup"
    if name in OWN_SWITCH and not is_false(call, "markup") and (name != "SpinnerColumn"):
        yield f"{name} reads markup: markup=False"
    if name == "Progress" and not call.args:
        yield "Progress without columns has one that reads markup"
    if name in ("Panel", "fit") and not path.startswith(PANELS):
        yield "Panel reads markup in a title: use dashboards.terminal.format.panel"
    switched = any(one.arg == "markup" for one in call.keywords) and not is_false(call, "markup")
    if name in ("print", "log", "status", "rule") and switched:
        yield f"{name} switches markup on"
    quiet = path.startswith(NO_TERMINAL) or path == ECHO
    if name in ("echo", "secho") and isinstance(call.func, ast.Attribute) and not quiet and not is_constant(call):
        yield "prints what may hold escapes: use touchline.cli.echo.echo"
    if name == "print" and not method_of_print and not quiet and not is_constant(call):
        yield "prints what may hold escapes: use touchline.cli.echo.echo"


def modules() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@table("path", modules())
def test_received_text_is_never_parsed_as_markup_or_printed_raw(path: str) -> None:
    assert list(violations(path, (ROOT / path).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "Console(stderr=True)",
        "rich.console.Console()",
        "from rich import print",
        "from rich.prompt import Confirm",
        "from rich.markup import render",
        "Text.from_markup(name)",
        "rich.text.Text.from_markup(f'[red]{name}')",
        "TextColumn('{task.description}')",
        "TextColumn('{task.description}', markup=True)",
        "Progress(console=console)",
        "console.print(name, markup=True)",
        "Panel(content, title=name)",
        "Panel.fit(content, title=name)",
        "Status(name)",
        "click.echo(name)",
        "click.secho(f'{name}')",
        "print(name)",
        "print('a', name, file=sys.stderr)",
    ],
)
def test_check_finds_each_violation(source: str) -> None:
    assert len(list(violations("touchline/made.py", source))) == 1


@pytest.mark.parametrize("options", ["", "markup=False", "markup=False, emoji=False", "markup=True, emoji=False"])
def test_check_finds_a_console_with_markup(options: str) -> None:
    assert len(list(violations(CONSOLES, f"Console({options})"))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "console.print(Text(name))",
        "TextColumn('{task.description}', markup=False)",
        "Progress(*columns, console=console)",
        "console.print(name, markup=False)",
        "click.echo('done')",
        "echo(name)",
        "logging.log(10, name)",
        "made.add_row(plain(name))",
    ],
)
def test_check_accepts_safe_code(source: str) -> None:
    assert list(violations("touchline/made.py", source)) == []
