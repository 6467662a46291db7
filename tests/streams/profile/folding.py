"""Folds of touches, and the expected pieces of their sessions."""

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
    """Fold touches in order, and return the local state and the late touches. `chance` encodes it now and then."""
    local, late = LocalState(), []
    for each in some:
        before = piece_values(local, each.occurred_at_ms // DAY_MS)
        weight, too_late = fold_touch(local, each, HALF_LIFE_MS, late_days, GAP_MS)
        if too_late:
            late.append(each)
        assert weight == (0.0 if each.bot or (too_late and each.cap) else each.weight)
        assert (piece_values(local, each.occurred_at_ms // DAY_MS) == before) == (each.bot or too_late)
        if chance is not None and chance.random() < 0.3:
            local = decode(encode(local))
    return local, late


def pieces_in(local: LocalState, some: Sequence[Touch]) -> list[Run]:
    days = sorted({each.occurred_at_ms // DAY_MS for each in some})
    return [run for day in days for run in runs_in(piece_values(local, day))]


def pieces_by_definition(some: Sequence[Touch]) -> list[Run]:
    return [run for _, runs in sorted(runs_by_day(map(as_oracle, some), GAP_MS).items()) for run in runs]
