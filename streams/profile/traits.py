"""What touches say of a person: field by field, the newest word wins, whatever order the words come in.

Fields that one touch said last are kept together under its time and event id, which are longer than most values.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

MAX_FIELDS: Final = 64  # of more, those with the smallest names stay: a choice that no order of arrival changes
MAX_CHARS: Final = 500  # of a value


class Said(Struct, array_like=True, frozen=True, gc=False):
    """What one touch said and no newer one has overruled. `values` is never changed in place."""

    t_ms: int
    event_id: str
    values: dict[str, str]


def hear(known: list[Said], t_ms: int, event_id: str, values: dict[str, str]) -> list[Said]:
    """`known` (ascending by time and event id) with what one more touch says."""
    if not values:
        return known
    if len(known) == 1 and known[0].values == values:  # as most touches do, it says what the one before said
        said = known[0]
        newer = (said.t_ms, said.event_id) < (t_ms, event_id)
        return [Said(t_ms, event_id, said.values)] if newer else known
    said = Said(t_ms, event_id, trim(values))
    return merge(known, [said]) if known else [said]


def trim(values: dict[str, str]) -> dict[str, str]:
    """What is kept of what one touch says, in the order of the names."""
    if len(values) == 1:
        ((name, value),) = values.items()
        return values if len(value) <= MAX_CHARS else {name: value[:MAX_CHARS]}
    return {name: values[name][:MAX_CHARS] for name in sorted(values)[:MAX_FIELDS]}


def merge(a: Iterable[Said], b: Iterable[Said]) -> list[Said]:
    """The newest word on each field, ascending by time and event id. Commutative and associative."""
    newest: dict[str, tuple[int, str, str]] = {}
    for said in (*a, *b):
        for name, value in said.values.items():
            word = (said.t_ms, said.event_id, value)
            if name not in newest or newest[name] < word:
                newest[name] = word
    by_touch: dict[tuple[int, str], dict[str, str]] = {}
    for name in sorted(newest)[:MAX_FIELDS]:
        t_ms, event_id, value = newest[name]
        by_touch.setdefault((t_ms, event_id), {})[name] = value
    return [Said(*stamp, values) for stamp, values in sorted(by_touch.items())]


def current(said: Iterable[Said]) -> dict[str, str]:
    """The value of each field."""
    values: dict[str, str] = {}
    for each in said:
        values.update(each.values)
    return values
