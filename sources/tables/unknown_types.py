"""Detection of types in a table that its channel does not have, and that the user has to map."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from sources.outcome import Emit, Outcome, excerpt
from sources.tables.fields import touch_types

NAMED: Final = 20
"""Number of types that are counted by name; a bound, since the types come from the file."""

OTHERS: Final = "others"


class UnknownTypes:
    """Looks at the touches of all files of an import. `counts` has the types that the channel does not have, as
    they are shown.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._types = touch_types(channel)
        self.counts: Counter[str] = Counter()

    def observe(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Count the unknown types of outcomes, which are yielded unchanged."""
        for outcome in outcomes:
            if isinstance(outcome, Emit) and (type_ := outcome.touch["type"]) not in self._types:
                name = excerpt(type_) if isinstance(type_, str) else excerpt(repr(type_))
                self.counts[name if name in self.counts or len(self.counts) < NAMED else OTHERS] += 1
            yield outcome

    def problem(self) -> str:
        """Return a message about the unknown types, without a full stop, or ''."""
        if not self.counts:
            return ""
        first = next(iter(self.counts))[1:-1]
        # Only another spelling is suggested. A meaning, such as `missed` for BUSY, is the user's choice.
        suggested = next((one for one in self._types if one == first.strip().lower()), "TYPE")
        return (
            f"{self._channel} have no type {', '.join(self.counts)}: they have {', '.join(self._types)}. "
            f"Map each to one of these with --value 'type:{first}={suggested}', "
            f"or skip its rows with --value 'type:{first}='"
        )
