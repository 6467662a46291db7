"""The machine of a measurement, in general terms."""

import os
import platform
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_GB = 1 << 30


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that Kafka, the engine, the workers and the load share."""

    cores: int
    cpu: str
    memory_gb: int
    system: str
    files: str  # file system of Kafka and the engine
    python: str
    load: float  # load average of the previous minute; above 0.5 the machine was not quiet
    versions: dict[str, str]


def describe_machine() -> Machine:
    """Describe this machine."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        cpu=_cpu(),
        memory_gb=round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GB),
        system=platform.system(),
        files=_file_system(Path(tempfile.gettempdir()).resolve()),
        python=platform.python_version(),
        load=round(os.getloadavg()[0], 2),
        versions={name: version(name) for name in ("faust-streaming", "aiokafka", "chdb", "clickhouse-connect")},
    )


def _file_system(folder: Path) -> str:
    """Return the type of a folder's file system (proc(5), `mounts`), if the system provides it."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "unknown"
    types = dict(mounts)
    return next((types[str(one)] for one in (folder, *folder.parents) if str(one) in types), "unknown")


def _cpu() -> str:
    """Return the name of the CPU, if the system provides it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
