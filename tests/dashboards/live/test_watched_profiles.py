"""Identifiers whose touches are always sent."""

from dashboards.live.watched_profiles import MOST, WatchedProfiles


def test_an_identifier_is_watched_in_its_tenant() -> None:
    watched = WatchedProfiles()
    watched.add("main", ["email:a", "email:b"])
    found = [one in watched for one in (("main", "email:a"), ("main", "email:b"), ("other", "email:a"))]
    assert found == [True, True, False]


def test_those_who_were_looked_at_last_are_kept() -> None:
    watched = WatchedProfiles()
    watched.add("main", ["first", "second"])
    watched.add("main", ["first"])
    watched.add("main", [f"x:{number}" for number in range(MOST - 1)])
    assert ("main", "first") in watched
    assert ("main", "second") not in watched
