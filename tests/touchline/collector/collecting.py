"""A process of `touchline collect` or `touchline serve`, as a person starts it."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LISTENING = re.compile(r"collector: listening at (https?://\S+)")


class Collecting:
    """A running process. Reads its output line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []

    def read_until(self, pattern: str) -> re.Match[str]:
        """Return the match of the first line with the pattern. Fails if the process ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"the process ended ({self.process.wait()}): {self.lines}")

    def stop(self) -> int:
        """Stop it in order and return its exit code."""
        self.process.terminate()
        return self.process.wait(60)


@contextmanager
def collecting(data: Path, *arguments: str, command: str = "collect", **settings: str) -> Iterator[Collecting]:
    """Run a server's command on a free port until the block ends."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHLINE_")}
    environment |= {f"TOUCHLINE_{name}": value for name, value in settings.items()}
    line = [sys.executable, "-m", "touchline", command, "--port", "0", "--data", str(data), *arguments]
    with subprocess.Popen(
        line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Collecting(process)
        finally:
            if process.poll() is None:
                process.kill()


def send(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, Any, bytes]:
    """Return (status, headers, body) of a request: a POST if there is a body."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()
