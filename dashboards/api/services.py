"""What all endpoints and pages of one API process share."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from dashboards.answers.pipeline import ReadPipeline
from dashboards.answers.rule_changes import KnownRule
from dashboards.api.reader.reader import Reader
from dashboards.api.security.profile_keys import ProfileKeys
from dashboards.api.security.roles import Viewer
from dashboards.api.security.sessions import Sessions
from dashboards.api.security.tokens import TokenDirectory
from dashboards.live.hub import Hub

RecordLook = Callable[[Viewer, str, int], Awaitable[None]]
"""Records that a viewer looked at a profile at a time in ms since 1970, and returns once that is stored."""


@dataclass(frozen=True, slots=True)
class ApiServices:
    """The services of one process.

    `hosts`: names by which clients may call it, empty for any. `zone`: of days, unless a viewer chooses another.
    `record_look` None means that nothing can be recorded. `rules`: those that score, in their order. `read_pipeline`
    None means that the state of the pipeline is not known, `live` None that there are no live events.
    """

    reader: Reader
    tokens: TokenDirectory
    sessions: Sessions
    profile_keys: ProfileKeys
    half_life_ms: int
    now_ms: Callable[[], int]
    phone_region: str = "US"
    identifiers: tuple[str, ...] = ()
    zone: str = "UTC"
    hosts: frozenset[str] = frozenset()
    record_look: RecordLook | None = None
    first_touch: Callable[[], Sequence[str]] = tuple
    rules: tuple[KnownRule, ...] = ()
    read_pipeline: ReadPipeline | None = None
    live: Hub | None = None
