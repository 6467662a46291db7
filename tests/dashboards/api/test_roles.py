"""Roles by endpoint and field: who is answered where, and that no identifier reaches a dashboard, in any form."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import pytest

from dashboards.answers.clear import CLEAR
from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from dashboards.api.endpoints import ROUTERS
from dashboards.api.security.roles import RIGHTS, ROLES, Right
from dashboards.pages.site import PAGES
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

# The right that each path needs; `.csv` needs the same. POST only where it is in POSTED.
TABLE: Final[dict[str, Right]] = {
    "/v1/activity": "figures",
    "/v1/campaigns": "figures",
    "/v1/campaigns/scores": "figures",
    "/v1/channel-mix": "figures",
    "/v1/customers": "lists",
    "/v1/customers/{key}": "customer",
    "/v1/customers/{key}/explain": "customer",
    "/v1/customers/{key}/identities": "customer",
    "/v1/customers/{key}/score": "customer",
    "/v1/customers/{key}/touches": "customer",
    "/v1/funnel": "figures",
    "/v1/movers": "lists",
    "/v1/pipeline": "operations",
    "/v1/pipeline/audit": "operations",
    "/v1/pipeline/audits": "operations",
    "/v1/pipeline/store": "operations",
    "/v1/quality": "operations",
    "/v1/retention": "figures",
    "/v1/rules": "figures",
    "/v1/rules/what-if": "lists",
    "/v1/segments": "lists",
    "/v1/service": "figures",
    "/v1/service/first-replies": "figures",
    "/v1/service/waiting": "lists",
    "/v1/sources": "figures",
    "/v1/top": "lists",
    "/v1/top/past": "lists",
}
REQUIRED: Final = {"changes": "form:1", "at_ms": str(END_MS), "steps": "visits:page,visits:form"}
CLEAR_FIELDS: Final = set(
    """
    Activity.step Activity.zone Campaign.medium Campaign.name Campaign.source CampaignScore.medium CampaignScore.name
    CampaignScore.source ChannelActivity.channel CollectorHealth.address DataQuality.by_source DataQuality.flags
    Explanation.fates Found.key FunnelStep.channel FunnelStep.name FunnelStep.type Kind.channel Kind.type Member.why
    Mover.last_source MoverRow.key Near.key NewestArrival.channel NewestArrival.source NextStep.reason NextStep.rule
    NextStep.text Origin.campaign Origin.medium Origin.source Part.channel Part.rule Part.type PastRow.key
    PipelineState.trouble Profile.country Profile.device Profile.rules_version Profile.score_by Profile.touches_by
    Profile.traits Ranked.country Ranked.device Ranked.first_source Ranked.last_source Ranked.score_by
    Rejections.place Rejections.reason Row.key Rows.next RuleLine.channel RuleLine.group RuleLine.name RuleSum.channel
    RuleSum.rule Segment.name ServiceLevels.by_queue Session.source Source.referrer_class Source.source
    StageState.stage StageState.task Table.table Touch.about Touch.channel Touch.flags Touch.kind Touch.rule
    Touch.type Touches.older Waiting.channel Waiting.queue Waiting.type WaitingRow.key
    """.split()  # noqa: SIM905
)
"""Texts that all roles see in clear; all others are masked for dashboards. Of a mapping, its keys or its values."""


@pytest.fixture(scope="module")
def paths(whole_api: RunningApi, lived: Client) -> dict[str, str]:
    """Addresses to GET by their path in the description, with what they require."""
    found = {}
    described = whole_api.get("/v1/openapi.json", None).json()["paths"]
    (someone,) = top(lived, Scope(), at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=1)
    key = whole_api.services.profile_keys.key_of("main", someone.profile)
    for path, operations in described.items():
        if "get" not in operations or path == "/v1/live":  # tests/dashboards/live has its events
            continue
        required = [one["name"] for one in operations["get"].get("parameters", []) if one["required"]]
        query = "&".join(f"{name}={REQUIRED[name]}" for name in required if name in REQUIRED)
        found[path] = path.replace("{key}", key) + (f"?{query}" if query else "")
    return found


def test_each_role_is_answered_where_its_right_says(whole_api: RunningApi, paths: dict[str, str]) -> None:
    statuses = {}
    for path, address in paths.items():
        right = TABLE.get(path.removesuffix(".csv"))
        assert right, f"add {path} to the table"
        statuses |= {(path, role): (whole_api.get(address, role).status_code, right in RIGHTS[role]) for role in ROLES}
        assert whole_api.get(address, None).status_code == 401, path
    wrong = {one: status for one, (status, may) in statuses.items() if status != (200 if may else 403)}
    assert wrong == {}
    assert {path.removesuffix(".csv") for path in paths} == TABLE.keys()


@pytest.fixture(scope="module")
def secrets(lived: Client) -> set[str]:
    """Everything stored that a dashboard must not see: identifiers, and texts that name a person or a page."""
    rows = lived.query(
        """
        SELECT DISTINCT arrayJoin(arrayConcat([title, url, subject, link_url], mapValues(properties))) FROM events
        UNION ALL SELECT DISTINCT arrayJoin(mapValues(traits)) FROM profiles
        UNION ALL SELECT DISTINCT splitByChar(':', identifier, 2)[2] FROM identities
        """
    ).result_rows
    found = {text for (text,) in rows if len(text) > 5 or "@" in text}
    assert len(found) > 50
    return found


def leaks(text: str, secrets: set[str]) -> list[str]:
    return [one for one in secrets if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text)]


def test_no_identifier_reaches_a_dashboard(whole_api: RunningApi, paths: dict[str, str], secrets: set[str]) -> None:
    shown = [address for path, address in paths.items() if TABLE[path.removesuffix(".csv")] in RIGHTS["dashboard"]]
    pages = [page.path for page in PAGES if page.right in RIGHTS["dashboard"]]
    clear = 0
    for address in (*shown, *pages, "/v1/top?channel=nothing", "/nothing"):
        clear += len(leaks(whole_api.get(address, "analyst", Accept="text/html").text, secrets))
        assert leaks(whole_api.get(address, "dashboard", Accept="text/html").text, secrets) == [], address
    assert clear > 20, "the same answers have identifiers for other roles"


def texts_of(kind: Any, place: str, seen: frozenset[Any] = frozenset()) -> Iterator[tuple[str, bool]]:
    """Yield (class and field, whether it is clear) of each text below a type."""
    if kind is str:
        yield place, False
    elif get_origin(kind) is Annotated and CLEAR in kind.__metadata__:
        yield place, True
    elif isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind not in seen:
        for name, hint in get_type_hints(kind, include_extras=True).items():
            yield from texts_of(hint, f"{kind.__name__}.{name}", seen | {kind})
    else:
        for inner in get_args(kind):
            yield from texts_of(inner, place, seen)


def test_only_these_fields_are_clear() -> None:
    models = [route.responses[200]["model"] for router in ROUTERS for route in router.routes if _reads(route)]  # type: ignore[attr-defined]
    assert len(models) >= len(TABLE)
    found = {text for model in models for text in texts_of(model, "")}
    clear = {place for place, is_clear in found if is_clear}
    assert clear == CLEAR_FIELDS, "is it no identifier, and no text of a customer? Then change the table"
    assert any(not is_clear for _, is_clear in found)


def _reads(route: Any) -> bool:
    return "model" in getattr(route, "responses", {}).get(200, {})
