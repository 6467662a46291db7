"""Calls of the engine and their answers, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EngineCall:
    """A statement to run. `sql` holds it, followed by the data of an INSERT unless these are in `data`.

    It runs in `database`; if that is empty in `home`, and in `default` while `home` does not exist.

    `readonly` is as in ClickHouse: 0 may write, 1 may read and nothing can lift that, 2 may read and change settings.
    `mark` names the call for `Database.kill`. `limited` says whether the limits of readers apply.
    """

    sql: bytes
    data: bytes = b""
    database: str = ""
    home: str = "default"
    settings: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    readonly: int = 0
    mark: str = ""
    limited: bool = True


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """The result of a call in `format` (None when the statement has none), and the engine's counts."""

    body: bytes
    format: str | None
    rows_read: int = 0
    rows_written: int = 0
    bytes_written: int = 0
    elapsed_s: float = 0.0
