"""`python -m tests.benchmarks peers`: the comparison with the peers alone, put into the report of the other figures."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.comparison import Json, compare
from tests.benchmarks.environment import Environment, print_progress, run_environment
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.page import JSON_NAME, write_report
from tests.benchmarks.peer_runs import find_pythons
from tests.benchmarks.peers.catalogue import PEERS

TOUCHES: Final = 150_000
ROUNDS: Final = 3


def compare_peers(environment: Environment, touches: int, rounds: int, peers: Sequence[str]) -> Json:
    """Compare Touchline with those of the peers that can run here."""
    return compare(environment, touches, rounds, find_pythons(peers, print_progress))


def measure_peers_alone(folder: Path, touches: int, rounds: int) -> int:
    """Compare, and put this into the report in `folder`, where it stays until the next `make bench`.

    Return 1 if a peer failed, else 0.
    """
    with run_environment() as environment:
        comparison = compare_peers(environment, touches, rounds, tuple(PEERS))
    report = _read_report(folder) | {"peers_alone": comparison}
    print_progress(f"the report is in {write_report(report, folder)}")
    print(json.dumps(comparison), flush=True)
    return 1 if comparison["failed_peers"] else 0


def _read_report(folder: Path) -> dict[str, Any]:
    """Return the report in the folder; if there is none, one without figures."""
    try:
        report: dict[str, Any] = json.loads((folder / JSON_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        report = {"plan": {}, "machine": asdict(describe_machine())}
    except (OSError, ValueError) as error:
        sys.exit(f"The report {folder / JSON_NAME} cannot be read ({error}): correct it, or give another folder (OUT).")
    return report
