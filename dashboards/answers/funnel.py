"""How many people get how far in a series of steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, read_text, sql
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span, UnanswerableError
from schemas.channels import CHANNELS
from schemas.time import DAY_MS

MAX_STEPS: Final = 8
_COLUMNS: Final = ("channel", "type", "name")


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """The touches that are a step: those of a channel, and of a type and name unless these are ''."""

    channel: Clear
    type: Clear = ""
    name: Clear = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """A step, and how many profiles did it after all steps before it."""

    step: FunnelStep
    people: int


def read_steps(text: str) -> list[FunnelStep]:
    """Return the steps of a text such as `visits:page,orders:placed`: of each a channel, a type and a name.

    Raises UnanswerableError for an unknown channel and for fewer than two or more than `MAX_STEPS` steps.
    """
    steps = [FunnelStep(*part.split(":", 2)) for part in text.split(",") if part]
    for step in steps:
        if step.channel not in CHANNELS:
            raise UnanswerableError(f"There is no channel {step.channel[:40]!r}: use some of {', '.join(CHANNELS)}.")
    _check_number(steps)
    return steps


def write_steps(steps: Sequence[FunnelStep]) -> str:
    """Return steps as a text that `read_steps` reads."""
    return ",".join(f"{step.channel}:{step.type}:{step.name}".rstrip(":") for step in steps)


def _check_number(steps: Sequence[FunnelStep]) -> None:
    if not 2 <= len(steps) <= MAX_STEPS:
        raise UnanswerableError(f"A funnel has 2 to {MAX_STEPS} steps, this one {len(steps)}: add or remove some.")


def funnel(
    client: Client, scope: Scope, span: Span, steps: Sequence[FunnelStep], *, window_ms: int = 30 * DAY_MS
) -> list[Reached]:
    """Return how many profiles reached each step in a range, at most `window_ms` after the first step.

    It reads all touches of the range and all links of identifiers, so an API keeps the answer for a while.
    Raises UnanswerableError for fewer than two or more than `MAX_STEPS` steps.
    """
    _check_number(steps)
    conditions, values = _conditions(steps)
    text = sql("funnel").replace("/* window */", f"{window_ms:d}").replace("/* steps */", ", ".join(conditions))
    text = text.replace("/* any step */", " OR ".join(conditions))
    rows = read_text(client, text, tenant=scope.tenant, from_ms=span.from_ms, to_ms=span.to_ms, **values)
    found = {row["reached"]: row["people"] for row in rows}
    return [
        Reached(step, sum(people for reached, people in found.items() if reached >= number))
        for number, step in enumerate(steps, 1)
    ]


def _conditions(steps: Sequence[FunnelStep]) -> tuple[list[str], dict[str, str]]:
    """Return an SQL condition for each step, and the values of its parameters."""
    conditions, values = [], dict[str, str]()
    for number, step in enumerate(steps):
        asked = {name: getattr(step, name) for name in _COLUMNS if getattr(step, name)}
        if not asked:
            raise UnanswerableError(f"Step {number + 1} of the funnel says nothing: give a channel, a type or a name.")
        values |= {f"{name}_{number}": value for name, value in asked.items()}
        # without brackets that are not needed, which the engine refuses to a reader
        conditions.append(" AND ".join(f"{name} = {{{name}_{number}:String}}" for name in asked))
    return conditions, values
