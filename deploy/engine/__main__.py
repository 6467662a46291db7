"""The engine's process: locks the path, serves until SIGTERM or SIGINT, and stops in order."""

import argparse
import asyncio
import fcntl
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import IO

from aiohttp import web

from deploy.engine.access.reader_limits import ReaderLimits
from deploy.engine.failure_log import failure_logger
from deploy.engine.http.auth import User, UsersFileError, read_users
from deploy.engine.launch import Ready, ready_line
from deploy.engine.log import log_line

# The time for requests in flight after the signal to stop.
GRACE_S = 30.0
# The time after that for queries that are being ended.
ENDING_S = 5.0
# The time after that to close the engine.
CLOSING_S = 10.0


class CannotStartError(Exception):
    """The engine cannot serve; the message is one sentence."""


def main() -> int:
    """Serve until SIGTERM or SIGINT. Return 0 after an orderly end, 1 with one sentence on stderr otherwise."""
    options = _options()
    # A server's answers must not depend on the machine's time zone; the engine reads its own from here.
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        users = read_users(options.users)
        lock = take_path(options.path)
        with bind(options.port) as listening, lock:
            return asyncio.run(_serve(options, users, listening))
    except (CannotStartError, UsersFileError) as error:
        print(error, file=sys.stderr)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.engine", description="An embedded ClickHouse on 127.0.0.1.")
    parser.add_argument("--path", type=Path, required=True, help="the folder of the data; created if missing")
    parser.add_argument("--port", type=int, required=True, help="the port to serve on, 0 for a free one")
    users_help = "JSON of names and passwords, see deploy/engine/http/auth.py"
    parser.add_argument("--users", type=Path, required=True, help=users_help)
    parser.add_argument("--max-memory-mb", type=int, help="limit of the engine's memory; 90 % of all by default")
    parser.add_argument("--min-free-mb", type=int, help="room to leave on the disk; 1 % of it by default")
    parser.add_argument("--reader-limit-s", type=float, default=30.0, help="time limit of a reader's query")
    parser.add_argument("--reader-result-mb", type=int, default=256, help="size limit of a reader's result")
    return parser.parse_args()


def reader_limits(options: argparse.Namespace) -> ReaderLimits:
    """Return the limits of a read-only user's query, among them a quarter of the engine's memory."""
    memory_bytes = None if options.max_memory_mb is None else (options.max_memory_mb << 20) // 4
    return ReaderLimits(options.reader_limit_s, options.reader_result_mb << 20, memory_bytes)


def take_path(path: Path) -> IO[str]:
    """Create the folder if it is missing and lock it; the lock ends with the process, however that ends."""
    if any(sign in str(path) for sign in "?&"):
        raise CannotStartError(f"The path {path} holds a ? or &, which the engine cannot open: choose another.")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (path / "engine.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStartError(f"Another engine has {path} open: stop it, or choose another --path.") from None
    except OSError as error:
        raise CannotStartError(f"The folder {path} cannot be used ({error}): choose another --path.") from error
    return lock


def bind(port: int) -> socket.socket:
    """Bind the port on loopback; 0 binds a free one. Raises CannotStartError."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise CannotStartError(_taken(port, error)) from error
    return listening


def _taken(port: int, error: Exception) -> str:
    return f"Port {port} on 127.0.0.1 is not free ({error}): choose another, or 0."


async def _serve(options: argparse.Namespace, users: dict[str, User], listening: socket.socket) -> int:
    # Imported late, because it loads the engine: errors of the start are reported before that.
    from deploy.engine.database import Database
    from deploy.engine.http.server import Server

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        limits = reader_limits(options)
        database = await asyncio.to_thread(
            Database, options.path.resolve(), options.max_memory_mb, options.min_free_mb, limits
        )
    except RuntimeError as error:
        raise CannotStartError(f"The engine cannot open {options.path}: {error}") from error
    server = Server(database, users)
    # A handler is cancelled when its client disconnects, so that a reader's query ends with it.
    runner = web.AppRunner(
        server.application(),
        access_log=None,
        auto_decompress=False,
        shutdown_timeout=GRACE_S,
        handler_cancellation=True,
        logger=failure_logger(server.log),
    )
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
    except OSError as error:  # two processes may bind a port while neither listens on it
        await runner.cleanup()
        database.close()  # an engine that is still open when Python ends crashes the process with SIGSEGV
        raise CannotStartError(_taken(listening.getsockname()[1], error)) from error
    watch = asyncio.create_task(server.idle.watch(lambda: runner.server.connections if runner.server else ()))
    print(ready_line(Ready(listening.getsockname()[1], os.getpid())), flush=True)
    await stop.wait()
    watch.cancel()
    await runner.cleanup()
    await server.drain(ENDING_S)
    if server.running:
        log_line(f"{server.running} calls did not end within {GRACE_S:.0f} s and are aborted.")
        # Their threads cannot be stopped and keep the engine open; acknowledged rows are on the disk.
        os._exit(1)
    # Closing has hung once for an unknown reason; acknowledged rows are on the disk, so the process may exit.
    last_resort = threading.Timer(CLOSING_S, os._exit, [1])
    last_resort.daemon = True
    last_resort.start()
    database.close()
    last_resort.cancel()
    return 0


if __name__ == "__main__":
    sys.exit(main())
