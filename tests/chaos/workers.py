"""The worker processes of a run: start, kill and stop them, and restart those that end by themselves."""

import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from deploy.kafka_node import KafkaNodeError
from deploy.process import ChildError
from streams.fail_fast import CONFIG_CODE, EXIT_CODE
from tests.chaos.environment import SESSION_S, Environment
from tests.chaos.processes import read_cpu_s, read_peak_mb
from tests.chaos.report import print_progress
from tests.journeys.site import Site, Worker
from touchline.worker.stages import STAGES

WATCH_S: Final = 0.2
RESTART_DELAY_S: Final = 1.0  # before a worker that ended by itself is restarted
READY_S: Final = 60.0
END_S: Final = 60.0
SHOWN_LINES: Final = 40
TOPOLOGIES: Final = {"whole": (STAGES, STAGES), "split": tuple((stage,) for stage in (*STAGES, *STAGES))}


@dataclass
class Slot:
    """A worker's place, which outlives its process. While a fault holds `lock`, nothing else restarts the worker."""

    name: str
    stages: Sequence[str]
    static: bool  # whether it is a static member of its consumer group
    worker: Worker | None = None
    wanted: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)


class Workers:
    """Worker processes. `exits` counts unrequested exits by code; `problems` describes exits that are failures."""

    def __init__(
        self, environment: Environment, site: Site, topology: str, static: Sequence[bool], direct: bool = False
    ) -> None:
        self.environment, self.site, self.topology = environment, site, topology
        forms = TOPOLOGIES[topology]
        self.slots = [
            Slot(
                f"w{number}-{'-'.join(stages) if topology == 'split' else 'all'}", stages, static[number % len(static)]
            )
            for number, stages in enumerate(forms)
        ]
        self.exits: Counter[int] = Counter()
        self.problems: list[str] = []
        self.peaks_mb: dict[str, float] = {}
        self._direct = direct
        self.settings: dict[str, object] = {}
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._watch_all, name="watch", daemon=True)

    @property
    def permanent(self) -> list[Slot]:
        """The workers that are present for the whole run, without those of `join`."""
        return self.slots[: len(TOPOLOGIES[self.topology])]

    @property
    def separate_groups(self) -> bool:
        """Whether each stage is its own consumer group."""
        return self.topology == "split"

    def start_all(self) -> None:
        """Start all workers and the watch thread; return when all workers are ready."""
        for slot in self.slots:
            self.start(slot)
        self._watch.start()
        for slot in self.slots:
            self.wait_ready(slot)

    def start(self, slot: Slot) -> Worker:
        """Start a new process in a slot."""
        site, environment = self.site, self.environment
        proxied: dict[str, object] = {
            "kafka": environment.proxied_kafka,
            "clickhouse": environment.proxied_engine(slot.name, site.name),
        }
        changed: dict[str, object] = {
            **({} if self._direct else proxied),
            "instance": slot.name if slot.static else "",
            "session_s": SESSION_S,
            "state_dir": self._state_folder(slot),
            **self.settings,
        }
        slot.worker = site.start(slot.name, slot.stages, **changed)
        slot.worker.may_end = True  # this class restarts it, so the site must not report its end
        return slot.worker

    def _state_folder(self, slot: Slot) -> Path:
        """Return the folder for a worker's state on disk."""
        return self.site.folder / f"state-{slot.name}"

    def delete_states(self) -> None:
        """Delete the state on disk; all workers must be stopped."""
        for slot in self.slots:
            shutil.rmtree(self._state_folder(slot), ignore_errors=True)

    def join(self, name: str, stages: Sequence[str]) -> Slot:
        """Start an additional worker; `leave` stops it."""
        slot = Slot(name, stages, static=False)
        self.slots.append(slot)
        self.start(slot)
        return slot

    def leave(self, slot: Slot) -> None:
        """Stop an additional worker for good."""
        self.terminate(slot)
        self.slots.remove(slot)

    def kill(self, slot: Slot) -> None:
        """Kill a worker with SIGKILL."""
        slot.wanted = False
        if slot.worker is not None:
            self._note_memory(slot)
            slot.worker.child.kill()

    def terminate(self, slot: Slot) -> None:
        """Send SIGTERM; the exit code must be 0, or -SIGTERM for a worker that has not yet opened its port."""
        slot.wanted = False
        worker = slot.worker
        if worker is None or not worker.child.alive():
            return
        self._note_memory(slot)
        begun = port_of(worker) > 0
        os.kill(worker.child.pid, signal.SIGTERM)
        code = worker.child.wait(END_S)
        worker.child.kill()
        if code not in (0, None) and (begun or code != -signal.SIGTERM):
            self._report_exit(slot, code)
        if code is None:
            self.problems.append(f"{slot.name} did not end within {END_S:g} s of SIGTERM")

    def restart(self, slot: Slot) -> None:
        """Start a worker that `kill` or `terminate` ended."""
        self.start(slot)
        slot.wanted = True

    def wait_ready(self, slot: Slot, patience_s: float = READY_S) -> bool:
        """Wait until a worker is ready; return False if it is not ready in time."""
        deadline_s = time.monotonic() + patience_s
        while time.monotonic() < deadline_s:
            if slot.worker is not None and slot.worker.child.alive() and is_ready(slot.worker):
                return True
            time.sleep(WATCH_S)
        return False

    def cpu_s(self) -> float:
        """Return the CPU time of the running workers so far, in seconds."""
        return sum(read_cpu_s(slot.worker.child.pid) for slot in self.slots if slot.worker is not None)

    def end(self) -> None:
        """Terminate all workers and end the watch thread."""
        self._over.set()
        if self._watch.ident is not None:
            self._watch.join()
        threads = [threading.Thread(target=self.terminate, args=(slot,)) for slot in self.slots]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _watch_all(self) -> None:
        while not self._over.wait(WATCH_S):
            self._note_servers()
            for slot in list(self.slots):
                if slot.wanted and slot.lock.acquire(blocking=False):
                    try:
                        self._restart_ended(slot)
                    finally:
                        slot.lock.release()

    def _restart_ended(self, slot: Slot) -> None:
        """Restart a worker that ended by itself, as `touchline up` does, unless its configuration is wrong."""
        worker = slot.worker
        if not slot.wanted or worker is None:
            return
        if worker.child.alive():
            self._note_memory(slot)
            return
        code = worker.child.exit_code
        worker.child.stop()
        self._report_exit(slot, code if code is not None else 0)
        if code == CONFIG_CODE:
            slot.wanted = False
            return
        while not self._over.wait(RESTART_DELAY_S):
            try:
                self.start(slot)
            except ChildError as error:  # a busy machine may be slow to start a process: try again
                print_progress(f"  {slot.name} could not be started: {error}")
            else:
                return

    def _report_exit(self, slot: Slot, code: int) -> None:
        self.exits[code] += 1
        assert slot.worker is not None
        last = [line for line in slot.worker.child.last_lines(400).splitlines() if line.strip()]
        reason = next((line for line in reversed(last) if "exits with code" in line), " | ".join(last[-3:]))
        print_progress(f"  {slot.name} ended by itself with code {code}: {reason[-300:]}")
        if code != EXIT_CODE:  # every other exit code lacks a message of its own
            for line in last[-SHOWN_LINES:]:
                print_progress(f"    {line[:200]}")
        if code == CONFIG_CODE or code < 0:
            self.problems.append(f"{slot.name} ended with code {code}: {reason}")

    def _note_memory(self, slot: Slot) -> None:
        if slot.worker is not None:
            self._note_peak("worker", slot.worker.child.pid)

    def _note_servers(self) -> None:
        with suppress(ChildError, KafkaNodeError):  # stopped by a fault
            self._note_peak("kafka", self.environment.kafka.child.pid)
            self._note_peak("engine", self.environment.engine.pid)

    def _note_peak(self, role: str, pid: int) -> None:
        self.peaks_mb[role] = max(self.peaks_mb.get(role, 0.0), read_peak_mb(pid))


def is_ready(worker: Worker) -> bool:
    """Return whether /ready answers 200; a worker that has not printed its port is not ready."""
    return port_of(worker) > 0 and worker.page("ready")[0] == 200


def port_of(worker: Worker) -> int:
    """Return the port of the metrics pages; 0 while the worker has not printed it."""
    try:
        line = worker.child.wait_line(lambda text: text.startswith("worker: metrics at"), 0.0)
    except ChildError:
        return 0
    return int(line.rpartition(":")[2].partition("/")[0])
