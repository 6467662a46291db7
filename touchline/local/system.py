"""Everything on one machine: Kafka, the embedded engine, a worker, the collector and the API, in this order.

They are stopped in the opposite order: no client sends what nothing would process.

All of it lies in one data folder, which one process at a time holds locked. Each child has a guard (deploy.process), so
that no child is left running, whatever ends this process.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from deploy.folder_lock import FolderInUseError, lock_folder
from deploy.jars import JarsError, ensure_jars
from deploy.java import NoJavaError
from deploy.kafka_node import LEAST_FREE_BYTES, KafkaNode, KafkaNodeError, check_room
from deploy.process import ChildError
from streams.fail_fast import STOP_LIMIT_S
from touchline.errors import CliError, describe_os_error
from touchline.local.api_process import api_process, api_url, login_link, with_api_ports
from touchline.local.collector_process import collector_process, with_collector_ports
from touchline.local.data_folder.credentials import COMMANDS, READER, WRITER
from touchline.local.data_folder.ownership import check_name, close_folder
from touchline.local.data_folder.ports_file import port_for
from touchline.local.data_folder.run_file import RunFile, remove_run_file, write_run_file
from touchline.local.demo_key import ensure_demo_key
from touchline.local.engine import Engine
from touchline.local.restarts import Part, Supervisor
from touchline.local.serving_process import EXIT_S, ServingProcess
from touchline.local.worker_process import worker_process
from touchline.serving.addresses import collector_url
from touchline.settings import Settings

INSTANCE: Final = "local"  # a fixed name of the one worker, so that Kafka assigns it its partitions again at once
PYTHON_ROOM_BYTES: Final = 64 * 1024 * 1024  # with less on the disk, neither the engine nor the worker can start

Notify = Callable[[str], None]


class LocalSystem:
    """What `touchline up` and `touchline demo` run, as a context manager.

    `notify` is called with a line for each step. `settings` have the addresses of everything once it runs.
    """

    def __init__(
        self, settings: Settings, notify: Notify, jars: Path | None = None, *, with_worker: bool = True
    ) -> None:
        self._given = settings
        self._notify = notify
        self._with_worker = with_worker
        self._jars = jars or settings.jars_folder
        self._stack = ExitStack()
        self._lock_fd = -1
        self._supervisor = Supervisor([])
        self.settings = settings
        self.engine: Engine | None = None
        self.kafka: KafkaNode | None = None
        self.worker: ServingProcess | None = None
        self.demo_key = ""  # a write key; "" if it was revoked

    def __enter__(self) -> Self:
        try:
            self._start()
        except (FolderInUseError, JarsError, NoJavaError, KafkaNodeError, ChildError, OSError) as error:
            self._stack.close()
            raise CliError(describe_os_error(error) if isinstance(error, OSError) else str(error)) from error
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                self._notify("stopping")
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._notify("stopping")
        self._stack.close()

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._given.folder

    @property
    def reader_url(self) -> str:
        """The address of ClickHouse for users that only read."""
        return self.engine.url(READER) if self.engine else self._given.clickhouse

    @property
    def collector_url(self) -> str:
        """The address of the HTTP collector."""
        return collector_url(self.settings)

    @property
    def api_url(self) -> str:
        """The address of the query API and its pages."""
        return api_url(self.settings)

    def login_link(self) -> str:
        """Return an address that logs the owner in at the pages once."""
        return login_link(self.settings, self.api_url)

    def restart_ended(self) -> str:
        """Restart the parts that have ended, and return a line for each. Raises CliError if that does not help."""
        try:
            return self._supervisor.restart_ended()
        except FolderInUseError as error:
            raise CliError(str(error), code=1) from error

    def _start(self) -> None:
        if not self._given.clickhouse:
            check_name(self.folder)
        self._lock_fd = self._stack.enter_context(lock_folder(self.folder, wait_s=STOP_LIMIT_S + 2 * EXIT_S)).fd
        if found := close_folder(self.folder):
            self._notify(found)
        addresses = {
            "kafka": self._given.kafka or self._start_kafka(),
            "clickhouse": self._given.clickhouse or self._start_engine(),
            "metrics_port": self._given.metrics_port or port_for(self.folder, "metrics", self._notify),
            "instance": self._given.instance or INSTANCE,
        }
        self.settings = self._given.on_one_machine().model_copy(update=addresses)
        if not self._with_worker:
            return  # and no file with the addresses: they are for the one command that started this
        self._notify("starting the worker")
        self.worker = worker_process(self.settings, self._lock_fd)
        self._stack.callback(self.worker.stop)
        self.worker.start()
        servers = self._start_servers()
        self._supervisor = Supervisor(self._parts(self.worker, servers))
        write_run_file(self.folder, self._run_file())
        self._stack.callback(remove_run_file, self.folder)

    def _start_kafka(self) -> str:
        check_room(self.folder)
        jars = ensure_jars(self._jars, self._notify)
        self._notify("starting Kafka")
        self.kafka = KafkaNode(self.folder / "kafka", jars, port_for(self.folder, "kafka", self._notify))
        self.kafka.start()
        self._stack.callback(self.kafka.stop)
        return self.kafka.bootstrap

    def _start_engine(self) -> str:
        self._notify("starting the embedded ClickHouse engine")
        self.engine = Engine(self._given, port_for(self.folder, "clickhouse", self._notify), self._lock_fd)
        self._stack.callback(self.engine.stop)
        self.engine.start()
        return self.engine.url(WRITER)

    def _start_servers(self) -> dict[str, ServingProcess]:
        """Start the collector and the API at once, since each takes its time to load, and return them by name."""
        self._notify("starting the collector and the API")
        self.demo_key = ensure_demo_key(self.settings)
        reading = {"serve_clickhouse": self._given.serve_clickhouse or self.reader_url}
        with_ports = with_api_ports(with_collector_ports(self.settings, self._notify), self._notify)
        self.settings = with_ports.model_copy(update=reading)
        servers = {
            "The collector": collector_process(self.settings, self._lock_fd),
            "The API": api_process(self.settings, self._lock_fd),
        }
        for server in servers.values():
            self._stack.callback(server.stop)
            server.launch()
        for server in servers.values():
            server.wait_ready()
        return servers

    def _run_file(self) -> RunFile:
        return RunFile(
            pid=os.getpid(),
            kafka=self.settings.kafka,
            clickhouse=self.settings.clickhouse,
            reader=self.reader_url,
            metrics_port=self.settings.metrics_port,
            commands=self.engine.url(COMMANDS) if self.engine else self.settings.clickhouse,
            collector=self.collector_url,
            collector_metrics_port=self.settings.collect_metrics_port,
            api=self.api_url,
            api_metrics_port=self.settings.serve_metrics_port,
        )

    def _parts(self, worker: ServingProcess, servers: dict[str, ServingProcess]) -> list[Part]:
        """Return what is supervised, each part after those that it needs."""
        parts = []
        if (kafka := self.kafka) is not None:

            def restart_kafka() -> None:
                kafka.stop()
                kafka.start()

            parts.append(Part("Kafka", kafka.folder, LEAST_FREE_BYTES, kafka.alive, kafka.describe_end, restart_kafka))
        processes = [("The engine", self.engine), ("The worker", worker)]
        parts += [_part(name, self.folder, process, process.restart) for name, process in processes if process]
        parts += [_part(name, self.folder, server, server.retry, optional=True) for name, server in servers.items()]
        return parts


def _part(
    name: str,
    folder: Path,
    process: Engine | ServingProcess,
    restart: Callable[[], None],
    *,
    optional: bool = False,
) -> Part:
    """Return a part that follows the process to its next child."""
    return Part(
        name,
        folder,
        PYTHON_ROOM_BYTES,
        lambda: process.child.alive(),
        lambda: process.child.describe_end(),
        restart,
        optional,
    )
