"""What needs attention."""

from dataclasses import replace
from datetime import date

from dashboards.answers.call_service_levels import NO_CALLS
from dashboards.answers.data_quality import Rejections
from dashboards.answers.segments import NewlyHot
from dashboards.pages.overview.attention import became_hot, gave_up, most_urgent, refused

FEW, MANY = replace(NO_CALLS, calls=20, abandoned=3), replace(NO_CALLS, calls=30, abandoned=9)


def test_callers_who_gave_up_are_named_if_more_did_than_usual() -> None:
    item = gave_up(MANY, FEW, "13:00")
    assert item is not None
    assert item.title == "9 callers gave up since 13:00"
    assert item.detail == "30\u00a0% of 30 calls; 3 a week ago at this time."
    assert gave_up(MANY, replace(FEW, abandoned=5), "13:00") is None
    assert gave_up(replace(MANY, abandoned=2), NO_CALLS, "13:00") is None


def test_refused_records_have_their_most_frequent_reason() -> None:
    rows = tuple(
        Rejections(date(2026, 12, 1), reason, records, "", "", 0)
        for reason, records in (("bad_id", 1), ("bad_time", 3))
    )
    item = refused(rows)
    assert item is not None
    assert (item.title, "bad time" in item.detail) == ("4 records were refused today", True)
    assert refused(()) is None


def test_the_worst_comes_first() -> None:
    good = became_hot(NewlyHot("customer_id:c1", "", 126.4), "key")
    assert (good.title, good.link) == ("Customer c1 became hot", "/customers/key")
    bad = gave_up(MANY, FEW, "13:00")
    assert most_urgent([good, None, good, good, bad]) == [bad, good, good]
