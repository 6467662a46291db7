"""Campaigns, and the scores of their people."""

from collections import Counter

import pytest

from dashboards.answers.campaigns import CampaignScore, campaign_scores, campaigns
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from sinks.clickhouse.client import Client
from streams.enrichment.campaign import NETWORKS, Campaign, lead_source
from streams.enrichment.referrer import DIRECT, Referrer, ReferrerClass
from tests.dashboards.conftest import Place
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS
from tests.dashboards.stored_touches import DAY_MS, NOON_MS, store_touches

MAIN = Scope()
NEWS = {"lead_source": "news", "campaign_source": "news", "campaign_medium": "email", "campaign_name": "spring"}


def test_campaigns_have_touches_forms_and_people_of_their_days(place: Place) -> None:
    ada, visitor = {"folded_into": "email:ada@example.org"}, {"folded_into": "anonymous_id:v1"}
    store_touches(
        place.writer,
        NEWS | ada, NEWS | ada | {"type": "form", "occurred_at": NOON_MS + DAY_MS}, NEWS | visitor,
        NEWS | {"bot": True, "folded_into": "anonymous_id:robot"},
        {"channel": "emails", "campaign": "spring", "type": "opened"} | ada,
        NEWS | ada | {"occurred_at": NOON_MS + 3 * DAY_MS},
        {"occurred_at": NOON_MS},
    )  # fmt: skip
    found = campaigns(place.reader, MAIN, Span(NOON_MS, NOON_MS + DAY_MS))
    spring, mailing = found.campaigns
    assert (spring.source, spring.medium, spring.name) == ("news", "email", "spring")
    assert (spring.touches, spring.visits, spring.bots, spring.forms) == (4, 4, 1, 1)
    assert (spring.people, spring.identified, spring.by_day) == (2, 1, (3, 1))
    assert (mailing.source, mailing.name, mailing.visits, mailing.touches) == ("", "spring", 0, 1)
    assert (found.found, (found.last_day - found.first_day).days) == (2, 1)
    assert campaigns(place.reader, Scope("other"), Span(NOON_MS, NOON_MS + 1)).campaigns == ()


@pytest.fixture(scope="module")
def mediums(new_place: object) -> dict[tuple[str, str], str]:
    """The medium that the query finds for each combination of tags, click id and referrer."""
    place = new_place()  # type: ignore[operator]
    cases = list(combinations())
    store_touches(place.writer, *(columns for columns, _ in cases))
    found = campaigns(place.reader, MAIN, Span(NOON_MS, NOON_MS + 1), limit=1_000).campaigns
    return {(one.name, one.source): one.medium for one in found}


def combinations() -> list[tuple[dict[str, object], str]]:
    """Columns of touches, with the medium that a profile would have of them. The campaign's name is the number."""
    made: list[tuple[dict[str, object], str]] = []
    for kind in ("", *NETWORKS):
        for source, medium in (("", ""), ("news", ""), ("news", "paper"), ("", "paper")):
            for referrer in (DIRECT, *(Referrer(one, "site") for one in ReferrerClass if one is not DIRECT.kind)):
                tags = Campaign(source=source, medium=medium, click_id="1" if kind else "", click_id_kind=kind)
                lead, expected = lead_source(tags, referrer)
                columns = {"lead_source": lead, "campaign_source": source, "campaign_medium": medium}
                columns |= {"click_id_kind": kind, "referrer_class": referrer.kind.value}
                made.append(({**columns, "campaign_name": f"{len(made)}"}, expected))
    return made


def test_the_medium_is_that_of_a_profile(mediums: dict[tuple[str, str], str]) -> None:
    expected = {(str(columns["campaign_name"]), str(columns["lead_source"])): one for columns, one in combinations()}
    assert len(expected) > 200
    assert mediums == expected


@pytest.mark.parametrize("touch", ["first", "last"])
def test_scores_are_those_of_the_profiles(lived: Client, touch: str) -> None:
    found = campaign_scores(lived, MAIN, touch=touch, at_ms=END_MS, half_life_ms=HALF_LIFE_MS)  # type: ignore[arg-type]
    half_lives = END_MS / HALF_LIFE_MS
    rows = lived.query(
        f"SELECT {touch}_source, {touch}_medium, {touch}_campaign, identifier, rank_pos, rank_neg FROM profiles FINAL "
        f"WHERE tenant = 'main' AND parent = '' AND {touch}_source != ''"
    ).result_rows
    sums: dict[tuple[str, ...], list[float]] = {}
    identified = Counter[tuple[str, ...]]()
    for *key, identifier, pos, neg in rows:
        sums.setdefault(tuple(key), []).append(2 ** (pos - half_lives) - 2 ** (neg - half_lives))
        identified[tuple(key)] += not identifier.startswith("anonymous_id:")
    assert {
        (one.source, one.medium, one.name): (one.profiles, one.identified, pytest.approx(one.score)) for one in found
    } == {key: (len(scores), identified[key], sum(scores)) for key, scores in sums.items()}
    assert found == sorted(found, key=lambda one: -one.score)
    assert isinstance(found[0], CampaignScore)
