"""Messages of the topic `profiles`: the values of a row, under the names of its columns."""

import json

import pytest

from schemas.columns import PROFILES
from schemas.time import DAY_MS
from streams.engage.profile_message import profile_headers
from streams.profile.summary import EMPTY
from tests.streams.profile_messages import profile_message
from tests.streams.touches import HALF_LIFE_MS, summary_of, touch

AT_MS = 20_000 * DAY_MS


def test_a_reader_can_compute_the_score_at_any_time() -> None:
    whole = summary_of([touch(AT_MS, "a", weight=8.0), touch(AT_MS, "b", channel="calls", weight=-2.0)])
    found = json.loads(profile_message("main|email:ada@example.org", whole, 7))
    for days, score in ((0, 6.0), (7, 3.0), (14, 1.5)):
        half_lives = (AT_MS + days * DAY_MS) / HALF_LIFE_MS
        net = 2 ** (found["rank_pos"] - half_lives) - 2 ** (found["rank_neg"] - half_lives)
        assert net == pytest.approx(score, rel=1e-9)
    assert set(found["rank_pos_by"]) == {"visits"}
    assert set(found["rank_neg_by"]) == {"calls"}


def test_a_message_names_its_identifier_and_version() -> None:
    whole = summary_of(
        [touch(AT_MS, "a", source="google", traits={"name": "Ada"}), touch(AT_MS + 5, "b", source="bing")]
    )
    found = json.loads(profile_message("shop|crm:a|b:c", whole, 9))
    assert (found["tenant"], found["identifier"], found["version"]) == ("shop", "crm:a|b:c", 9)
    assert (found["first_source"], found["last_source"], found["traits"]) == ("google", "bing", {"name": "Ada"})
    assert (found["touches"], found["touches_by"]) == (2, {"visits": 2})
    assert (found["first_seen_ms"], found["last_seen_ms"]) == (AT_MS, AT_MS + 5)


def test_country_and_device_are_fields_beside_the_traits() -> None:
    traits = {"name": "Ada", "$country": "NL", "$device": "mobile"}
    last = touch(AT_MS + 5, "b", source="bing", medium="cpc", campaign="spring", page="a.example/p")
    found = json.loads(profile_message("shop|crm:a", summary_of([touch(AT_MS, "a", traits=traits), last]), 9))
    assert (found["traits"], found["country"], found["device"]) == ({"name": "Ada"}, "NL", "mobile")
    last_source = [found[f"last_{name}"] for name in ("source", "medium", "campaign", "page")]
    assert last_source == ["bing", "cpc", "spring", "a.example/p"]


def test_an_empty_profile_has_finite_ranks() -> None:
    found = json.loads(profile_message("main|phone:+4930901820", EMPTY, 0))
    assert found["rank_pos"] == found["rank_neg"] == -1e300
    assert (found["first_source"], found["last_source"], found["traits"]) == ("", "", {})


def test_fields_have_the_names_of_the_columns() -> None:
    columns = {column.name for column in PROFILES}
    found = set(json.loads(profile_message("main|phone:+4930901820", EMPTY, 0)))
    assert found - columns == {"version", "first_seen_ms", "last_seen_ms"}
    assert columns - found == {"first_seen", "last_seen", "parent", "activity_partition", "activity_offset"}


def test_a_tombstone_has_its_version_in_a_header() -> None:
    assert profile_headers(None, 12) == [("version", b"12")]
    assert list(profile_headers(b"{}", 12)) == []
