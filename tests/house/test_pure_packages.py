"""Ruff's ban of clock, chance and I/O covers every pure package, and only these."""

import subprocess
import sys

import pytest

from tests.house.files import ROOT

PURE = (
    "schemas",
    "schemas/channels",
    "sources/hooks",
    "sources/payloads",
    "sources/sdks",
    "streams/enrichment",
    "streams/identity",
    "streams/profile",
    "streams/rules",
)


@pytest.mark.parametrize(
    ("file", "banned"),
    [
        *((f"{package}/new_module.py", True) for package in PURE),
        ("streams/engage/new_module.py", True),
        ("streams/intake/new_module.py", True),
        ("streams/engage/stage.py", False),
        ("streams/intake/stage.py", False),
        ("streams/enrichment/maxmind.py", False),
        ("streams/fail_fast.py", False),
        ("streams/kafka/new_module.py", False),
        ("sinks/store/new_module.py", False),
    ],
)
def test_a_clock_is_banned_where_the_code_is_pure(file: str, banned: bool) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", str(ROOT / file), "-"]
    done = subprocess.run(command, cwd=ROOT, input=b"import time\n\nprint(time)\n", capture_output=True, check=False)
    assert (done.returncode, b"TID251" in done.stdout) == ((1, True) if banned else (0, False)), done
