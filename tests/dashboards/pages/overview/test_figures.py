"""The large figures of the overview."""

from dataclasses import replace

from dashboards.answers.activity import Activity, ChannelActivity
from dashboards.answers.call_service_levels import NO_CALLS, ServiceLevels
from dashboards.answers.data_quality import Arrivals, DataQuality
from dashboards.answers.segments import Segment, Segments
from dashboards.answers.time_steps import Step
from dashboards.pages.overview import figures

DAY = "last Monday"


def activity(*touches: int) -> Activity:
    channels = (ChannelActivity("visits", touches, (0,) * len(touches)),) if touches else ()
    return Activity(Step.MINUTE, "UTC", tuple(range(len(touches))), channels)


def quality(touches: int, anonymous: int) -> DataQuality:
    return DataQuality(Arrivals(touches, 0, 0, anonymous, 0, 0), (), (), (), (), ())


def levels(median_s: int | None) -> ServiceLevels:
    return ServiceLevels(20, replace(NO_CALLS, calls=7, median_s=median_s), (), (), ())


def test_touches_are_compared_with_the_week_before() -> None:
    figure = figures.touches_today(activity(*[1] * 59, 3, 46), activity(100), DAY)
    assert (figure.value, figure.change, figure.than, figure.good) == ("108", "+8\u00a0%", "on last Monday", 1)
    assert figure.course == [62, 46]
    alone = figures.touches_today(activity(5), activity(), DAY)
    assert (alone.change, alone.than, alone.good) == ("", "since midnight", 0)
    assert figures.touches_today(activity(), activity(), DAY).value == "0"


def test_hot_customers_have_who_came_and_left() -> None:
    none = Segment("", 0, None, None)
    figure = figures.hot_customers(Segments(0, 0, 500, Segment("hot", 412, 38, 21), none, none, none, ()))
    assert (figure.value, figure.change, figure.good) == ("412", "+17", 1)


def test_shares_and_waiting_say_if_there_is_nothing_to_compare_with() -> None:
    share = figures.identified_today(quality(100, 40), quality(100, 50), DAY)
    assert (share.value, share.unit, share.change, share.good) == ("60.0", "%", "+10.0 pt", 1)
    assert share.title == "Of 100 touches that arrived today"
    assert figures.identified_today(quality(100, 40), quality(0, 0), DAY).than == "of what arrived today"
    assert figures.identified_today(quality(0, 0), quality(0, 0), DAY).than == "nothing arrived today"
    wait = figures.waiting(levels(24), levels(15), DAY)
    assert (wait.value, wait.change, wait.good) == ("0:24", "+9 s", -1)
    assert figures.waiting(levels(24), levels(None), DAY).than == "of 7 calls today"
    assert figures.waiting(levels(None), levels(15), DAY).than == "no calls today"


def test_an_answer_that_is_missing_is_not_zero() -> None:
    assert figures.missing("Waiting").value == "–"
    assert figures.active_now(None).value == "–"
    assert figures.active_now(0).value == "0"
