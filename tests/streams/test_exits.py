"""Leaving works, whoever listens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from streams.exits import CONFIG_CODE, EXIT_CODE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("code", [EXIT_CODE, CONFIG_CODE])
def test_says_why_and_leaves_with_the_code(code: int) -> None:
    program = f"from streams.exits import leave; leave('No room.', code={code})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == code
    assert b"No room. The worker leaves with exit code %d" % code in done.stderr


HALF_A_LINE = "sys.stdout = open(1, 'w'); print('half a line', end='')"


@pytest.mark.parametrize("prelude", [HALF_A_LINE, "sys.stdout = None", "sys.stderr.close()"])
def test_leaves_though_nobody_listens(prelude: str) -> None:
    """An exception on the way out would be taken for the handler's, and the next batch would be handled."""
    reading, writing = os.pipe()
    os.close(reading)
    program = f"import sys; from streams.exits import leave\n{prelude}\ntry: leave('x')\nexcept BaseException: pass"
    try:
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=writing, stderr=writing, check=False)
    finally:
        os.close(writing)
    assert done.returncode == EXIT_CODE
