"""A touch with a revision, as intake reads it."""

from schemas.columns import EVENT_HEAD
from schemas.rejected import Reason
from tests.schemas.column_types import read_row
from tests.schemas.touches import FULL, changed
from tests.streams.intake.reading import refuse, take
from tests.tables import table


@table("revision", [0, 1, 2**53 - 1])
def test_a_touch_with_a_revision_has_the_time_that_it_states(revision: int) -> None:
    """The correction by `sent_at` would differ between the revisions of a touch."""
    touch = take("calls", FULL["calls"] | {"revision": revision})
    assert (touch.revision, touch.occurred_at_ms) == (revision, touch.source_at_ms)
    row = read_row(touch.head, EVENT_HEAD)
    assert (row["revision"], row["flags"]) == (revision, [])
    assert take("calls", FULL["calls"]).revision is None


@table(
    ("revision", "reason"),
    [
        (-1, Reason.BAD_VALUE),
        (2**53, Reason.BAD_VALUE),
        (1.5, Reason.WRONG_TYPE),
        ("2", Reason.WRONG_TYPE),
        (True, Reason.WRONG_TYPE),
    ],
)
def test_a_revision_that_cannot_be_read_is_a_reason_to_refuse(revision: object, reason: Reason) -> None:
    assert refuse("calls", changed("calls", revision=revision)).reason is reason
