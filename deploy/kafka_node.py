"""One Apache Kafka node (KRaft: broker and controller in one process) with a folder of its own."""

import base64
import shutil
import time
import uuid
from importlib import resources
from pathlib import Path
from string import Template
from types import TracebackType

from deploy.cluster_id import read_cluster_id, write_cluster_id
from deploy.folder_lock import FolderLock, lock_folder
from deploy.java import find_java
from deploy.kafka_probe import cluster_at
from deploy.ports import LOOPBACK, free_port, is_free
from deploy.process import Child, ChildError

HEAP = "-Xmx512m"
# A short start matters more here than the last tenth of a long-lived broker's throughput.
JAVA_OPTIONS = [
    "-Xms128m",
    HEAP,
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",  # performance data would be a file outside the node's folder
]
LOG_OPTIONS = {
    "defaultLogLevel": "warn",
    "log.org.apache.kafka.common.utils.AppInfoParser": "error",
    "log.kafka.server.KafkaRaftServer": "info",
    "showDateTime": "true",
    "dateTimeFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
    "showThreadName": "false",
}
MESSAGE_MAX_BYTES = 10 * 1024 * 1024  # a block of 8 MB and its overhead
OFFSETS_RETENTION_MINUTES = 36 * 31 * 24 * 60  # as long as the data, so that a pause loses no position
LEAST_FREE_BYTES = 512 * 1024 * 1024
START_S = 60.0
STOP_S = 20.0
POLL_S = 0.1
FULL_BYTES = 4 * 1024 * 1024
DISK_FULL = "No space left on device"
PORT_TAKEN = "Address already in use"
TRIES = 3  # another process may take a free port before Kafka listens on it


class KafkaNodeError(RuntimeError):
    """Kafka could not be started; the message says why and what to do."""


class DiskFullError(KafkaNodeError):
    """The disk has no room for Kafka's data; Kafka can be started again once it has."""


class KafkaNode:
    """A Kafka node that writes only to `folder`: settings, data, log, temporary files.

    `port` 0 chooses a free one at each start. `extra` are lines of `server.properties` that override the default ones,
    with the same placeholders. A node continues where the last one of the folder stopped, even after a crash, on the
    same or another port.
    """

    def __init__(self, folder: Path, jars: Path, port: int = 0, java: Path | None = None, extra: str = "") -> None:
        self.folder = folder
        self.extra = extra
        self.jars = jars
        self.port = port
        self.java = java
        self.bootstrap = ""
        self._lock: FolderLock | None = None
        self._child: Child | None = None

    @property
    def child(self) -> Child:
        """The node's process. Raises `KafkaNodeError` before `start`."""
        if self._child is None:
            raise KafkaNodeError("Kafka has not been started.")
        return self._child

    @property
    def log_path(self) -> Path:
        """The file with the node's output."""
        return self.folder / "kafka.log"

    def start(self) -> str:
        """Start the node and return its address `127.0.0.1:port` once it answers.

        Raises `KafkaNodeError`, `FolderInUseError` or `NoJavaError`, each with one sentence as its message.
        """
        if self._lock is not None:
            raise KafkaNodeError(f"Kafka of {self.folder} has already been started; stop it first.")
        self.java = self.java or find_java()
        try:
            self._check_surroundings()
            self._lock = lock_folder(self.folder, wait_s=STOP_S + 5)
            self.bootstrap = self._try_ports()
        except OSError as error:
            self.stop()
            raise KafkaNodeError(f"Kafka cannot work in {self.folder}: {error.strerror or error}.") from error
        except BaseException:
            self.stop()
            raise
        return self.bootstrap

    def alive(self) -> bool:
        """Return whether the process runs."""
        return self._child is not None and self._child.alive()

    def describe_end(self) -> str:
        """Return why the node ended: one sentence for a known cause, otherwise its last lines."""
        return self._explain(self.child.describe_end()) if not self.alive() else "Kafka is running."

    def stop(self) -> None:
        """Stop the node in order and release the folder; no error if it is not running."""
        if self._child is not None:
            self._child.stop()
        self._release()

    def kill(self) -> None:
        """Kill the node with SIGKILL, as a crash would end it, and release the folder."""
        if self._child is not None:
            self._child.kill()
        self._release()

    def __enter__(self) -> "KafkaNode":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _try_ports(self) -> str:
        """Start the node, again if its free port was taken meanwhile; return the address."""
        for attempt in range(TRIES):
            try:
                return self._start_on(self.port or free_port())
            except ChildError as error:
                own_port_free = not self.port or is_free(self.port)
                if PORT_TAKEN not in str(error) or not own_port_free or attempt == TRIES - 1:
                    kind = DiskFullError if self._is_disk_full(str(error)) else KafkaNodeError
                    raise kind(self._explain(str(error))) from error
        raise AssertionError("the last attempt returns or raises")

    def _start_on(self, port: int) -> str:
        """Start the node on this port. Raises `ChildError` after the process has ended."""
        settings = self.folder / "server.properties"
        settings.write_text(render_settings(port, free_port(), self.extra), encoding="utf-8")
        cluster = self._format()
        self._child = self._run("Kafka", ["kafka.Kafka", settings.name], self.log_path)
        bootstrap = f"{LOOPBACK}:{port}"
        try:
            wait_until_answering(bootstrap, cluster, self._child)
        except BaseException:
            self._child.stop()
            raise
        return bootstrap

    def _format(self) -> str:
        """Format the data folder unless it is formatted, also after an interrupted attempt; return its cluster id."""
        try:
            if known := read_cluster_id(self.folder):
                return known
        except ValueError as error:
            raise KafkaNodeError(f"{error}.") from error
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if cluster.startswith("-"):  # the tool would read it as an option
            return self._format()
        arguments = ["kafka.tools.StorageTool", "format", "--standalone", "-t", cluster, "-c", "server.properties"]
        tool = self._run("Kafka's formatting", arguments, self.folder / "format.log")
        try:
            code = tool.wait(START_S)
        finally:
            tool.stop()
        if code != 0:
            raise ChildError(tool.describe_end())
        write_cluster_id(self.folder, cluster)
        return cluster

    def _run(self, name: str, arguments: list[str], log_path: Path) -> Child:
        """Start a Java program from the jars in the node's folder."""
        logging = [f"-Dorg.slf4j.simpleLogger.{key}={value}" for key, value in LOG_OPTIONS.items()]
        options = [*JAVA_OPTIONS, f"-Djava.io.tmpdir={self._temporary_folder()}", *logging]
        argv = [str(self.java), *options, "-cp", f"{self.jars.absolute()}/*", *arguments]
        fds = [self._lock.fd] if self._lock is not None else []
        child = Child(name, argv, log_path, stop_s=STOP_S, cwd=self.folder, keep_fds=fds)
        child.start()
        return child

    def _temporary_folder(self) -> Path:
        """Return an empty folder for codecs, which unpack native libraries there and leave them after a crash."""
        temporary = self.folder.absolute() / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(mode=0o700, exist_ok=True)
        return temporary

    def _check_surroundings(self) -> None:
        """Check port and disk first, since Kafka's own errors come late and are unclear. Raises `KafkaNodeError`."""
        if self.port and not is_free(self.port):
            raise KafkaNodeError(f"Port {self.port} is taken by another program: stop it or choose another for Kafka.")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_room(self.folder)

    def _explain(self, output: str) -> str:
        """Return one sentence for a known cause in Kafka's output, else the output."""
        if self._is_disk_full(output):
            return f"The disk of {self.folder} is full: make room and start again, nothing acknowledged is lost."
        if PORT_TAKEN in output:
            taken = f"Port {self.port} is" if self.port else "Every port tried was"
            return f"{taken} taken by another program: choose another for Kafka."
        return output

    def _is_disk_full(self, output: str) -> bool:
        return DISK_FULL in output or shutil.disk_usage(self.folder).free < FULL_BYTES

    def _release(self) -> None:
        """Release the folder."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def check_room(folder: Path) -> None:
    """Raise `DiskFullError` if the disk of this existing folder has too little room to start Kafka."""
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise DiskFullError(
            f"The disk of {folder} has only {free // 2**20} MB left, Kafka needs {LEAST_FREE_BYTES // 2**20}: "
            "make room or choose another folder."
        )


def render_settings(port: int, controller_port: int, extra: str = "") -> str:
    """Return the node's settings file from this package's template. Of two equal keys Kafka uses the later."""
    template = resources.files("deploy").joinpath("kafka", "server.properties").read_text(encoding="utf-8")
    return Template(template + extra).substitute(
        port=port,
        controller_port=controller_port,
        message_max_bytes=MESSAGE_MAX_BYTES,
        offsets_retention_minutes=OFFSETS_RETENTION_MINUTES,
    )


def wait_until_answering(bootstrap: str, cluster: str, child: Child) -> None:
    """Return once this node answers, not another one on its port. Raises `ChildError` if it ends or is late."""
    deadline = time.monotonic() + START_S
    while cluster_at(bootstrap) != cluster:
        if not child.alive():
            raise ChildError(child.describe_end())
        if time.monotonic() >= deadline:
            raise ChildError(f"Kafka did not answer on {bootstrap} within {START_S:g} s.\n{child.last_lines(12)}")
        time.sleep(POLL_S)
