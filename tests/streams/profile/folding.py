"""Touches folded one after another, and what must come of them."""

from collections.abc import Sequence
from random import Random

from msgspec import msgpack

from schemas.touch import Touch
from streams.engage.row_values import piece_values
from streams.profile.local_state import LocalState
from streams.profile.touch_fold import fold_touch
from tests.oracle.sessions import Run, runs_by_day, runs_in
from tests.oracle.stage import as_oracle
from tests.streams.touches import (
    DAY_MS,
    GAP_MS,
    HALF_LIFE_MS,
)

LATE_DAYS = 35
encode = msgpack.Encoder().encode
decode = msgpack.Decoder(LocalState).decode


def fold(
    some: Sequence[Touch], late_days: int = LATE_DAYS, chance: Random | None = None
) -> tuple[LocalState, list[Touch]]:
    """The identifier these touches make, in that order, and those that were too late; stored now and then."""
    own, late = LocalState(), []
    for each in some:
        before = piece_values(own, each.occurred_at_ms // DAY_MS)
        weight, too_late = fold_touch(own, each, HALF_LIFE_MS, late_days, GAP_MS)
        if too_late:
            late.append(each)
        assert weight == (0.0 if each.bot or (too_late and each.cap) else each.weight)
        assert (piece_values(own, each.occurred_at_ms // DAY_MS) == before) == (each.bot or too_late)
        if chance is not None and chance.random() < 0.3:
            own = decode(encode(own))
    return own, late


def pieces_in(own: LocalState, some: Sequence[Touch]) -> list[Run]:
    days = sorted({each.occurred_at_ms // DAY_MS for each in some})
    return [run for day in days for run in runs_in(piece_values(own, day))]


def pieces_by_definition(some: Sequence[Touch]) -> list[Run]:
    return [run for _, runs in sorted(runs_by_day(map(as_oracle, some), GAP_MS).items()) for run in runs]
