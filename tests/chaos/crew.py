"""The workers of a round: started, ended in every way, and started again by somebody who watches, as one would."""

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
from tests.chaos.ground import SESSION_S, Ground
from tests.chaos.processes import read_cpu_s, read_peak_mb
from tests.chaos.report import say
from tests.journeys.site import Site, Worker
from touchline.worker.stages import STAGES

WATCH_S: Final = 0.2
AGAIN_S: Final = 1.0  # before a worker that has ended by itself is started again
READY_S: Final = 60.0
END_S: Final = 60.0
TOLD_LINES: Final = 40
TOPOLOGIES: Final = {"whole": (STAGES, STAGES), "split": tuple((stage,) for stage in (*STAGES, *STAGES))}


@dataclass
class Slot:
    """A place for a worker. `lock` is held by whoever does something to it; the watch leaves it alone then."""

    name: str
    stages: Sequence[str]
    static: bool  # whether it comes back under its own name
    worker: Worker | None = None
    wanted: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)


class Crew:
    """`exits` counts how workers ended by themselves; `faulty` says what must not happen to any."""

    def __init__(self, ground: Ground, site: Site, topology: str, static: Sequence[bool], direct: bool = False) -> None:
        self.ground, self.site, self.topology = ground, site, topology
        forms = TOPOLOGIES[topology]
        self.slots = [
            Slot(
                f"w{number}-{'-'.join(stages) if topology == 'split' else 'all'}", stages, static[number % len(static)]
            )
            for number, stages in enumerate(forms)
        ]
        self.exits: Counter[int] = Counter()
        self.faulty: list[str] = []
        self.peaks_mb: dict[str, float] = {}
        self._direct = direct
        self.settings: dict[str, object] = {}
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._watch_all, name="watch", daemon=True)

    @property
    def lasting(self) -> list[Slot]:
        """The workers that are there from the beginning to the end."""
        return self.slots[: len(TOPOLOGIES[self.topology])]

    @property
    def apart(self) -> bool:
        """Whether each stage is a group of its own."""
        return self.topology == "split"

    def begin(self) -> None:
        """Start all, and the watch; returns when all take records."""
        for slot in self.slots:
            self.start(slot)
        self._watch.start()
        for slot in self.slots:
            self.wait_ready(slot)

    def start(self, slot: Slot) -> Worker:
        """A new process in that place."""
        site, ground = self.site, self.ground
        proxied: dict[str, object] = {
            "kafka": ground.proxied_kafka,
            "clickhouse": ground.proxied_engine(slot.name, site.name),
        }
        changed: dict[str, object] = {
            **({} if self._direct else proxied),
            "instance": slot.name if slot.static else "",
            "session_s": SESSION_S,
            "state_dir": self._state_folder(slot),
            **self.settings,
        }
        slot.worker = site.start(slot.name, slot.stages, **changed)
        slot.worker.told = True  # it may end: the watch is ours, not the site's
        return slot.worker

    def _state_folder(self, slot: Slot) -> Path:
        """For workers that have their state on disk: each its own."""
        return self.site.folder / f"state-{slot.name}"

    def forget_states(self) -> None:
        """What workers that are down have on disk."""
        for slot in self.slots:
            shutil.rmtree(self._state_folder(slot), ignore_errors=True)

    def join(self, name: str, stages: Sequence[str]) -> Slot:
        """One more, for a while."""
        slot = Slot(name, stages, static=False)
        self.slots.append(slot)
        self.start(slot)
        return slot

    def leave(self, slot: Slot) -> None:
        """It was here long enough: in order, for good."""
        self.end_in_order(slot)
        self.slots.remove(slot)

    def kill(self, slot: Slot) -> None:
        """kill -9."""
        slot.wanted = False
        if slot.worker is not None:
            self._note_memory(slot)
            slot.worker.child.kill()

    def end_in_order(self, slot: Slot) -> None:
        """SIGTERM; the worker has to manage, and say 0. One that has hardly begun may just end."""
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
            self._tell_exit(slot, code)
        if code is None:
            self.faulty.append(f"{slot.name} did not end within {END_S:g} s of SIGTERM")

    def again(self, slot: Slot) -> None:
        """Start what was ended."""
        self.start(slot)
        slot.wanted = True

    def wait_ready(self, slot: Slot, patience_s: float = READY_S) -> bool:
        """Until it takes records; False if it does not get there."""
        deadline_s = time.monotonic() + patience_s
        while time.monotonic() < deadline_s:
            if slot.worker is not None and slot.worker.child.alive() and is_ready(slot.worker):
                return True
            time.sleep(WATCH_S)
        return False

    def cpu_s(self) -> float:
        """What the workers that run have used so far."""
        return sum(read_cpu_s(slot.worker.child.pid) for slot in self.slots if slot.worker is not None)

    def end(self) -> None:
        """All of them, in order, and the watch."""
        self._over.set()
        if self._watch.ident is not None:
            self._watch.join()
        threads = [threading.Thread(target=self.end_in_order, args=(slot,)) for slot in self.slots]
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
                        self._mend(slot)
                    finally:
                        slot.lock.release()

    def _mend(self, slot: Slot) -> None:
        """As `touchline up` does: whatever ended by itself is started again, except where that would not help."""
        worker = slot.worker
        if not slot.wanted or worker is None:
            return
        if worker.child.alive():
            self._note_memory(slot)
            return
        code = worker.child.exit_code
        worker.child.stop()
        self._tell_exit(slot, code if code is not None else 0)
        if code == CONFIG_CODE:
            slot.wanted = False
            return
        while not self._over.wait(AGAIN_S):
            try:
                self.start(slot)
            except ChildError as error:  # a busy machine may be late; who watches does not give up
                say(f"  {slot.name} was not started: {error}")
            else:
                return

    def _tell_exit(self, slot: Slot, code: int) -> None:
        self.exits[code] += 1
        assert slot.worker is not None
        last = [line for line in slot.worker.child.last_lines(400).splitlines() if line.strip()]
        why = next((line for line in reversed(last) if "exits with code" in line), " | ".join(last[-3:]))
        say(f"  {slot.name} ended by itself with code {code}: {why[-300:]}")
        if code != EXIT_CODE:  # not one of those that say themselves why
            for line in last[-TOLD_LINES:]:
                say(f"    {line[:200]}")
        if code == CONFIG_CODE or code < 0:
            self.faulty.append(f"{slot.name} ended with code {code}: {why}")

    def _note_memory(self, slot: Slot) -> None:
        if slot.worker is not None:
            self._note_peak("worker", slot.worker.child.pid)

    def _note_servers(self) -> None:
        with suppress(ChildError, KafkaNodeError):  # not there at the moment
            self._note_peak("kafka", self.ground.kafka.child.pid)
            self._note_peak("engine", self.ground.engine.pid)

    def _note_peak(self, role: str, pid: int) -> None:
        self.peaks_mb[role] = max(self.peaks_mb.get(role, 0.0), read_peak_mb(pid))


def is_ready(worker: Worker) -> bool:
    """Whether it says so; one that has not said its port is not."""
    return port_of(worker) > 0 and worker.page("ready")[0] == 200


def port_of(worker: Worker) -> int:
    """Of its pages; 0 while it has not said it."""
    try:
        line = worker.child.wait_line(lambda text: text.startswith("worker: metrics at"), 0.0)
    except ChildError:
        return 0
    return int(line.rpartition(":")[2].partition("/")[0])
