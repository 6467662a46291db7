"""Reasons and details."""

from schemas.rejected import DETAIL_CHARS, Reason, Rejected


def test_reasons_are_labels() -> None:
    assert all(reason.value == reason.name.lower() for reason in Reason)


def test_a_detail_never_grows_with_the_message() -> None:
    assert Rejected(Reason.BAD_ID, "x" * DETAIL_CHARS).detail == "x" * DETAIL_CHARS
    cut = Rejected(Reason.BAD_ID, "x" * (DETAIL_CHARS + 1)).detail
    assert (len(cut), cut[-2:]) == (DETAIL_CHARS, "x…")
