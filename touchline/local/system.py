"""Everything on one machine: Kafka, the embedded engine and a worker, started in order, watched, and stopped in order.

All of it lives in one data folder, claimed by one process at a time. Each child has a guard (deploy.process), so that
nothing is left running whatever this process dies of.
"""

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from deploy.engine.launch import command
from deploy.folder import FolderInUseError, claim
from deploy.jars import JarsError, ensure_jars
from deploy.java import NoJavaError
from deploy.kafka_node import LEAST_FREE_BYTES, KafkaNode, KafkaNodeError, check_room
from deploy.memory import default_memory_mb
from deploy.ports import LOOPBACK
from deploy.process import Child, ChildError
from streams.fail_fast import CONFIG_CODE, STOP_LIMIT_S
from touchline.errors import CliError
from touchline.local.data_folder.credentials import COMMANDS, READER, WRITER, make_users, users_file
from touchline.local.data_folder.ownership import check_name, close_folder
from touchline.local.data_folder.ports_file import port_for
from touchline.local.data_folder.run_file import RunFile, remove_run_file, write_run_file
from touchline.local.restarts import Mender, Part
from touchline.settings import PREFIX, Settings
from touchline.system_errors import describe

DATABASE: Final = "touchline"
INSTANCE: Final = "local"  # the one worker of a local system: started again, it goes on at once
READY_S: Final = 60.0
END_S: Final = 5.0  # to end after its own limit, at which a worker says why
ENGINE_ROOM_BYTES: Final = 64 * 1024 * 1024  # without it, the engine and the worker cannot even start
_STEP_S: Final = 0.05

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Engine:
    """The embedded engine, running."""

    child: Child
    port: int
    passwords: dict[str, str]

    def url(self, user: str) -> str:
        """Where a user finds the database."""
        return f"http://{user}:{self.passwords[user]}@{LOOPBACK}:{self.port}/{DATABASE}"


class LocalSystem:
    """What `touchline up` and `touchline demo` run. `say` hears what is being waited for."""

    def __init__(self, settings: Settings, say: Say, jars: Path | None = None, *, with_worker: bool = True) -> None:
        self._given = settings
        self._say = say
        self._with_worker = with_worker
        self._jars = jars or settings.jars_folder
        self._stack = ExitStack()
        self.settings = settings
        self.engine: Engine | None = None
        self.kafka: KafkaNode | None = None
        self.worker: Child | None = None
        self._lock_fd = -1
        self._mender = Mender([])

    def __enter__(self) -> Self:
        try:
            self._start()
        except (FolderInUseError, JarsError, NoJavaError, KafkaNodeError, ChildError, OSError) as error:
            self._stack.close()
            raise CliError(describe(error) if isinstance(error, OSError) else str(error)) from error
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._say("stopping")
        self._stack.close()

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._given.folder

    def _start(self) -> None:
        if not self._given.clickhouse:
            check_name(self.folder)
        self._lock_fd = self._stack.enter_context(claim(self.folder, wait_s=STOP_LIMIT_S + 2 * END_S)).fd
        if found := close_folder(self.folder):
            self._say(found)
        kafka = self._given.kafka or self._start_kafka()
        engine = None if self._given.clickhouse else self._start_engine()
        clickhouse = self._given.clickhouse or (engine.url(WRITER) if engine else "")
        metrics_port = self._given.metrics_port or port_for(self.folder, "metrics")
        self.engine = engine
        self.settings = self._given.on_one_machine().model_copy(
            update={
                "kafka": kafka,
                "clickhouse": clickhouse,
                "metrics_port": metrics_port,
                "instance": self._given.instance or INSTANCE,
            }
        )
        if not self._with_worker:
            return  # and no file that names the addresses: they end with the one command that needs them
        self.start_worker()
        self._mender = Mender(self._parts())
        write_run_file(
            self.folder,
            RunFile(
                pid=os.getpid(),
                kafka=kafka,
                clickhouse=clickhouse,
                reader=engine.url(READER) if engine else clickhouse,
                metrics_port=metrics_port,
                commands=engine.url(COMMANDS) if engine else clickhouse,
            ),
        )
        self._stack.callback(remove_run_file, self.folder)

    def _start_kafka(self) -> str:
        check_room(self.folder)
        jars = ensure_jars(self._jars, self._say)
        self._say("starting Kafka")
        self.kafka = node = KafkaNode(self.folder / "kafka", jars, port_for(self.folder, "kafka"))
        node.start()
        self._stack.callback(node.stop)
        return node.bootstrap

    def _start_engine(self) -> Engine:
        self._say("starting the embedded ClickHouse engine")
        passwords = make_users(self.folder, DATABASE, self._given.reader_password)
        self.engine = Engine(self._engine_child(port := port_for(self.folder, "clickhouse")), port, passwords)
        self._stack.callback(self._stop_engine)
        self._run_engine()
        return self.engine

    def _engine_child(self, port: int) -> Child:
        return Child(
            "the embedded ClickHouse engine",
            command(
                self.folder / "clickhouse",
                port,
                users_file(self.folder),
                sys.executable,
                max_memory_mb=self._given.engine_memory_mb or default_memory_mb(),
                min_free_mb=self._given.min_free_mb or None,
                reader_limit_s=self._given.reader_limit_s,
                reader_result_mb=self._given.reader_result_mb,
            ),
            self.folder / "engine.log",
            keep_fds=[self._lock_fd],
        )

    def _run_engine(self) -> None:
        """Returns once it serves. Raises ChildError."""
        assert self.engine is not None
        self.engine.child.start()
        self.engine.child.wait_line(lambda line: line.startswith("{"), READY_S)

    def _stop_engine(self) -> None:
        if self.engine is not None:
            self.engine.child.stop()

    def start_worker(self) -> None:
        """Start the worker, and wait until it takes records. Raises ChildError."""
        self._say("starting the worker")
        child = Child(
            "the worker",
            [sys.executable, "-m", "touchline", "worker"],
            self.folder / "worker.log",
            env={**os.environ, **environment_of(self.settings)},
            stop_s=STOP_LIMIT_S + END_S,
            keep_fds=[self._lock_fd],
        )
        child.start()
        if self.worker is None:
            self._stack.callback(self._stop_worker)
        self.worker = child
        self._wait_ready(child)

    def _stop_worker(self) -> None:
        if self.worker is not None:
            self.worker.stop()

    def _wait_ready(self, child: Child) -> None:
        deadline_s = time.monotonic() + READY_S
        while not is_ready(self.settings.metrics_port):
            if not child.alive():
                raise ChildError(f"{child.describe_end()}")
            if time.monotonic() > deadline_s:
                raise ChildError(f"The worker is not ready after {READY_S:.0f} s; see {child.log_path}.")
            time.sleep(_STEP_S)

    @property
    def reader_url(self) -> str:
        """ClickHouse for those who only look."""
        return self.engine.url(READER) if self.engine else self._given.clickhouse

    def mend(self) -> str:
        """Start again what has ended by itself, and say so; '' while all run. Raises CliError if that does not help."""
        try:
            return self._mender.mend()
        except FolderInUseError as error:
            raise CliError(str(error), code=1) from error

    def _parts(self) -> list[Part]:
        parts = []
        if (kafka := self.kafka) is not None:
            parts.append(
                Part("Kafka", kafka.folder, LEAST_FREE_BYTES, kafka.alive, kafka.describe_end, self._restart_kafka)
            )
        if self.engine is not None:
            parts.append(
                Part(
                    "The engine",
                    self.folder,
                    ENGINE_ROOM_BYTES,
                    lambda: self.engine is not None and self.engine.child.alive(),
                    lambda: self.engine.child.describe_end() if self.engine else "",
                    self._restart_engine,
                )
            )
        parts.append(
            Part(
                "The worker",
                self.folder,
                ENGINE_ROOM_BYTES,
                lambda: self.worker is not None and self.worker.alive(),
                lambda: self.worker.describe_end() if self.worker else "",
                self._restart_worker,
            )
        )
        return parts

    def _restart_kafka(self) -> None:
        assert self.kafka is not None
        self.kafka.stop()
        self.kafka.start()

    def _restart_engine(self) -> None:
        assert self.engine is not None
        self.engine.child.stop()
        self.engine = replace(self.engine, child=self._engine_child(self.engine.port))
        self._run_engine()

    def _restart_worker(self) -> None:
        assert self.worker is not None
        if self.worker.exit_code == CONFIG_CODE:  # another start would end in the same way
            raise CliError(self.worker.describe_end(), code=CONFIG_CODE)
        self.worker.stop()
        self.start_worker()


def is_ready(port: int) -> bool:
    """Whether a worker's /ready says so."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def environment_of(settings: Settings) -> dict[str, str]:
    """Settings as a child reads them."""
    given = settings.model_dump(mode="json", exclude_none=True)
    return {
        f"{PREFIX}{name.upper()}": ",".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
    }
