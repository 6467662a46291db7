"""Consoles without markup, and without errors when standard error is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.terminal.consoles import output_console, progress_console

ROOT = Path(__file__).parents[3]
EVIL = "[/tmp/x] [red]word[/y] :smile: [link=http://x.example]y[/link]"


def test_brackets_are_printed_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.panel import Panel
    from rich.table import Table

    made = Table(EVIL)
    made.add_row(EVIL)
    for thing in (EVIL, made, Panel(EVIL)):
        progress_console(soft_wrap=True).print(thing)
        assert EVIL in capsys.readouterr().err
    output_console().print(EVIL)
    assert capsys.readouterr().out == f"{EVIL}\n"


@pytest.mark.parametrize("broken", ["2>/dev/full", "2>&-", "2>&1 >/dev/null | true"])
def test_failed_write_of_progress_is_ignored(tmp_path: Path, broken: str) -> None:
    script = (
        "import sys; from touchline.cli.standard_streams import open_streams, discard; open_streams()\n"
        "from dashboards.terminal.consoles import progress_console; made = progress_console()\n"
        "for _ in range(10_000): made.print('x' * 100)\n"
        "discard(sys.stderr); open(sys.argv[1], 'w').write('all printed')"
    )
    target = tmp_path / "news"
    subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -c "$SCRIPT" "{target}" {broken}'],
        env={"SCRIPT": script, "PATH": "/usr/bin:/bin"},
        cwd=ROOT,
        check=False,
    )
    assert target.read_text() == "all printed"
