"""The embedded ClickHouse engine as a child process of a local system."""

import sys
from pathlib import Path
from typing import Final

from deploy.engine.launch import command
from deploy.memory import default_memory_mb
from deploy.ports import LOOPBACK
from deploy.process import Child
from touchline.local.data_folder.credentials import make_users, users_file
from touchline.settings import Settings

DATABASE: Final = "touchline"
READY_S: Final = 60.0


class Engine:
    """The engine of a data folder. `lock_fd` is the folder's lock, which the child keeps open."""

    def __init__(self, settings: Settings, port: int, lock_fd: int) -> None:
        self._settings = settings
        self._lock_fd = lock_fd
        self.port = port
        self.passwords = make_users(settings.folder, DATABASE, settings.reader_password)
        self.child = self._new_child()

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._settings.folder

    def url(self, user: str) -> str:
        """Return the address of the database for a user."""
        return f"http://{user}:{self.passwords[user]}@{LOOPBACK}:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Return once the engine answers. Raises ChildError."""
        self.child.start()
        self.child.wait_line(lambda line: line.startswith("{"), READY_S)

    def stop(self) -> None:
        """Stop the engine in order."""
        self.child.stop()

    def restart(self) -> None:
        """Stop what is left of the process, and start another. Raises ChildError."""
        self.child.stop()
        self.child = self._new_child()
        self.start()

    def _new_child(self) -> Child:
        settings = self._settings
        return Child(
            "the embedded ClickHouse engine",
            command(
                self.folder / "clickhouse",
                self.port,
                users_file(self.folder),
                sys.executable,
                max_memory_mb=settings.engine_memory_mb or default_memory_mb(),
                min_free_mb=settings.min_free_mb or None,
                reader_limit_s=settings.reader_limit_s,
                reader_result_mb=settings.reader_result_mb,
            ),
            self.folder / "engine.log",
            keep_fds=[self._lock_fd],
        )
