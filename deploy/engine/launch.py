"""The command line of the engine's process, and the line that it prints once it is ready."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ready:
    """A serving engine: its port on 127.0.0.1, and its process id."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def command(
    path: Path,
    port: int,
    users_file: Path,
    python: str,
    max_memory_mb: int | None = None,
    min_free_mb: int | None = None,
    reader_limit_s: float | None = None,
    reader_result_mb: int | None = None,
) -> list[str]:
    """Return the command line of an engine over `path`; port 0 chooses a free one, `python` is the interpreter."""
    line = [python, "-m", "deploy.engine", "--path", str(path), "--port", str(port), "--users", str(users_file)]
    bounds = {
        "--max-memory-mb": max_memory_mb,
        "--min-free-mb": min_free_mb,
        "--reader-limit-s": reader_limit_s,
        "--reader-result-mb": reader_result_mb,
    }
    return line + [word for name, bound in bounds.items() if bound is not None for word in (name, str(bound))]


def read_ready(line: str | bytes) -> Ready:
    """Parse the line that the engine prints on stdout once it serves. Raises ValueError."""
    try:
        fields = json.loads(line)
        return Ready(port=int(fields["port"]), pid=int(fields["pid"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"The engine did not report that it is ready; its first line is {line!r}.") from error


def ready_line(ready: Ready) -> str:
    """Return the line that `read_ready` parses, without its newline."""
    return json.dumps({"port": ready.port, "pid": ready.pid})
