"""Raw messages of a request; tests/sources/collector/endpoints/test_hooks.py has them over HTTP."""

import json

from schemas.rejected import Reason, Rejected
from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.mapped_request import Hook, MappedRequest, map_request
from sources.hooks.provider import HookSource, Provider, Unmappable, Verdict

REQUEST = HookRequest("POST", "", {}, {}, b"{}", 0)
TOUCH: dict[str, object] = {"type": "sent", "event_id": "e"}


def hook_of(*touches: Collected, unmappable: str = "") -> Hook:
    result = Unmappable(unmappable) if unmappable else touches
    provider = Provider("acme", lambda request, source: Verdict.GENUINE, lambda request, source: result)
    return Hook(provider, HookSource("acme", "shop", ()), "main", "mail")


def check(channel: str, value: bytes) -> Rejected | None:
    return Rejected(Reason.BAD_TIME, "occurred_at") if b"late" in value else None


def test_what_is_refused_is_named_with_its_position() -> None:
    touches = [{**TOUCH, "event_id": "late"}, TOUCH, {**TOUCH, "score": float("nan")}]
    found = map_request(hook_of(*(Collected("emails", touch) for touch in touches)), REQUEST, check)
    assert [(channel, json.loads(value)) for channel, value in found.messages] == [
        ("emails", {**TOUCH, "tenant": "main", "source": "mail"})
    ]
    assert found.unmappable.startswith("touch 1: bad_time: occurred_at; touch 3: ")


def test_an_unmappable_request_has_no_messages() -> None:
    assert map_request(hook_of(unmappable="why"), REQUEST, check) == MappedRequest((), "why")
    assert map_request(hook_of(), REQUEST, check) == MappedRequest((), "")
