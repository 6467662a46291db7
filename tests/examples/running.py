"""Run an example as a reader of its docstring would, and make the topics it needs."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from kafka.admin import KafkaAdminClient, NewTopic

ROOT: Final = Path(__file__).resolve().parents[2]
LIMIT_S: Final = 120  # only a test that fails takes that long


def run_example(name: str, *arguments: str) -> list[str]:
    """Run `examples/NAME` and return the lines it prints. Fails when it does not exit with 0."""
    command = [sys.executable, f"examples/{name}", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def create_topics(kafka: str, *names: str) -> None:
    """Create topics of two partitions."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        admin.create_topics([NewTopic(name, 2, 1) for name in names])
    finally:
        admin.close()
