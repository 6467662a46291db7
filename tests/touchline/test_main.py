"""The entry point of the command."""

import signal
import subprocess
import sys

INTERRUPTED_IMPORT = """
import builtins, os, signal
from touchline.__main__ import main
load = builtins.__import__
def interrupt(name, *given):
    if name == "touchline.cli.main":
        os.kill(os.getpid(), signal.SIGINT)
    return load(name, *given)
builtins.__import__ = interrupt
main()
"""


def test_ctrl_c_while_modules_are_imported_ends_the_command_without_a_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_IMPORT], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")
