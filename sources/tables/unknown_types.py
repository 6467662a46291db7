"""Which types the rows of a table have that their channel does not have: the user is to say what they mean."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from sources.outcome import Emit, Outcome, excerpt
from sources.tables.fields import touch_types

NAMED: Final = 20
"""How many different types are counted by name; data decides how many there are."""

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
        """The outcomes as they are."""
        for outcome in outcomes:
            if isinstance(outcome, Emit) and (given := outcome.touch["type"]) not in self._types:
                name = excerpt(given) if isinstance(given, str) else excerpt(repr(given))
                self.counts[name if name in self.counts or len(self.counts) < NAMED else OTHERS] += 1
            yield outcome

    def problem(self) -> str:
        """What to say of them, without the full stop, or nothing."""
        if not self.counts:
            return ""
        first = next(iter(self.counts))[1:-1]
        # Only another spelling is suggested: BUSY is not a missed call unless the user maps it.
        meant = next((one for one in self._types if one == first.strip().lower()), "TYPE")
        return (
            f"{self._channel} have no type {', '.join(self.counts)}: they have {', '.join(self._types)}. "
            f"Map each to one of these with --value 'type:{first}={meant}', "
            f"or leave its rows out with --value 'type:{first}='"
        )
