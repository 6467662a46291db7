"""People who are active."""

from dashboards.live.active_people import ACTIVE_MS, ActivePeople

NOW_MS = 1_800_000_000_000


def test_a_profile_is_active_for_five_minutes_after_its_newest_touch() -> None:
    people = ActivePeople()
    people.see("email:a", NOW_MS)
    people.see("email:b", NOW_MS - 60_000)
    people.see("email:a", NOW_MS - 120_000)  # a late touch is not the newest
    assert people.count(NOW_MS) == 2
    assert people.count(NOW_MS + ACTIVE_MS) == 1
    people.see("email:a", NOW_MS + 1_000)
    assert people.count(NOW_MS + ACTIVE_MS + 1_000) == 1
    assert people.count(NOW_MS + ACTIVE_MS + 1_001) == 0


def test_touches_of_long_ago_make_nobody_active() -> None:
    people = ActivePeople()
    people.see("email:a", NOW_MS - ACTIVE_MS - 1)
    assert people.count(NOW_MS) == 0


def test_a_part_of_another_profile_is_no_person() -> None:
    people = ActivePeople()
    people.see("email:a", NOW_MS)
    people.remove("email:a")
    people.remove("email:b")
    assert people.count(NOW_MS) == 0
