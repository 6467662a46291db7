"""What must be there in the end, computed from what was sent: plain Python, none of the pipeline but schemas and rules."""

from collections.abc import Iterable
from typing import Protocol

from streams.fold.rules import Rules
from tests.chaos.load_meaning import Sent


class Uncertain(ValueError):
    """The load allows more than one right outcome: it is the load that is wrong."""


class Means(Protocol):
    """The settings that decide what becomes of a touch; `touchline.settings.Settings` is one."""

    @property
    def identifiers(self) -> tuple[str, ...]: ...
    @property
    def retention_ms(self) -> int: ...
    @property
    def window_ms(self) -> int: ...
    @property
    def links(self) -> int: ...
    @property
    def targets(self) -> int: ...
    @property
    def largest_kb(self) -> int: ...


class Expected:
    """The whole truth about some records."""


def expect(sent: Iterable[Sent], rules: Rules, settings: Means) -> Expected:
    """Everything, from everything. Raises Uncertain."""
    raise NotImplementedError
