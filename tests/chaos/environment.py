"""The environment of a run: a real Kafka and a real engine in their own folder, with a proxy before each."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from deploy.jars import ensure_jars
from deploy.kafka_node import KafkaNode
from deploy.ports import LOOPBACK, free_port
from tests.chaos.disks import Disk
from tests.chaos.engine_proxy import EngineProxy
from tests.chaos.kafka_proxy import KafkaProxy
from tests.chaos.loop import LoopThread
from tests.chaos.report import print_progress
from tests.journeys.engine import Engine

JARS: Final = Path.home() / ".touchline" / "jars"
SESSION_S: Final = 6  # session timeout of the workers, short so that a frozen one soon loses its partitions
# A second listener behind the proxy: clients that connect through it receive its address in the metadata.
LISTENERS: Final = """
listeners=PLAINTEXT://127.0.0.1:${{port}},CONTROLLER://127.0.0.1:${{controller_port}},PROXIED://127.0.0.1:{inner}
advertised.listeners=PLAINTEXT://127.0.0.1:${{port}},CONTROLLER://127.0.0.1:${{controller_port}},PROXIED://127.0.0.1:{outer}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT
"""


class Environment:
    """Kafka, the engine and their proxies. `kafka.bootstrap` and `engine.url()` bypass the proxies, for the checks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = ExitStack()
        self._loop = LoopThread()
        self._stack.callback(self._loop.stop)
        self.kafka_proxy = KafkaProxy(self._loop)
        extra = LISTENERS.format(inner=self.kafka_proxy.upstream_port, outer=self.kafka_proxy.port)
        jars = ensure_jars(JARS, print_progress)
        self.kafka_disk = Disk(folder / "kafka", self._stack)
        self.engine_disk = Disk(folder / "engine", self._stack)
        self.kafka = KafkaNode(self.kafka_disk.folder / "node", jars, free_port(), extra=extra)
        self.engine = Engine(self.engine_disk.folder)
        self._stack.callback(self._keep_logs)  # before the disks that hold them are unmounted
        self.engine_proxy = EngineProxy(self._loop, self.engine.port)
        self._stack.callback(self.engine_proxy.stop)

    @property
    def proxied_kafka(self) -> str:
        """The Kafka address of the workers."""
        return f"{LOOPBACK}:{self.kafka_proxy.port}"

    def proxied_engine(self, client_name: str, database: str) -> str:
        """Return the ClickHouse address for one worker."""
        return f"http://writer:w@{LOOPBACK}:{self.engine_proxy.port_for(client_name)}/{database}"

    def __enter__(self) -> Self:
        try:
            print_progress("starting Kafka and the engine")
            self._stack.callback(self.kafka.stop)
            self.kafka.start()
            self._stack.callback(self.engine.stop)
            self.engine.start()
            self.kafka_proxy.start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def _keep_logs(self) -> None:
        for log in (self.kafka.log_path, self.engine_disk.folder / "engine.log"):
            if log.exists() and not (self.folder / log.name).exists():
                shutil.copy(log, self.folder / log.name)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
