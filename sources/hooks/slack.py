"""Slack: messages that people write in channels which the app can read, such as those shared with customers.

Format: docs.slack.dev/apis/events-api; signature: docs.slack.dev/authentication/verifying-requests-from-slack. Slack
documents a tolerance of five minutes, and signs each retry anew. An event names the user's id only.

A message to the app comes as `message` and as `app_mention`, two events with ids of their own. Its channel and its own
time `ts` identify the message, so that it counts once.

Options: `own_team`, the id of your own workspace. Messages of its members are no touches of customers.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_object
from sources.hooks.provider import HookAnswer, HookSource, Provider, Unmappable, Verdict
from sources.hooks.signatures import is_recent, matches_hmac
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import mapping_of, text_of, without_empty
from sources.payloads.event_times import unix_ms
from sources.payloads.shown_texts import message_of

_TOLERANCE_S: Final = 300
_KINDS: Final = frozenset({"message", "app_mention"})
_WRITTEN: Final = frozenset({"", "file_share", "thread_broadcast"})  # other subtypes are edits, joins, and bots
_LONGEST_CHALLENGE: Final = 200


def verify(request: HookRequest, source: HookSource) -> Verdict:
    """Return whether the signing secret has signed time and body, within the tolerance."""
    time = request.headers.get("x-slack-request-timestamp", "")
    signed = b"v0:" + time.encode("utf-8", "surrogatepass") + b":" + request.body
    signature = request.headers.get("x-slack-signature", "")
    if not matches_hmac(source.secrets, signed, signature, prefix="v0="):
        return Verdict.FORGED
    return Verdict.GENUINE if is_recent(time, request.received_at_ms, _TOLERANCE_S) else Verdict.STALE


def challenge(request: HookRequest, source: HookSource) -> HookAnswer | None:
    """Return the challenge of the signed request that sets up the webhook."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable) or payload.get("type") != "url_verification":
        return None
    echo = text_of(payload.get("challenge"))
    if verify(request, source) is not Verdict.GENUINE or len(echo) > _LONGEST_CHALLENGE:
        return None
    return HookAnswer(200, echo.encode())


def map_request(request: HookRequest, source: HookSource) -> Sequence[Collected] | Unmappable:
    """Return the touch of a message that a person wrote."""
    payload = read_object(request.body)
    if isinstance(payload, Unmappable):
        return payload
    event = mapping_of(payload.get("event"))
    if payload.get("type") != "event_callback" or not _is_of_customer(event, source.options.get("own_team", "")):
        return ()
    channel, time, user = text_of(event.get("channel")), text_of(event.get("ts")), text_of(event.get("user"))
    occurred_at_ms = unix_ms(time)
    if not channel or not user or occurred_at_ms is None:
        return Unmappable("a message lacks its channel, user or ts")
    thread = text_of(event.get("thread_ts"))
    properties = {"team": text_of(event.get("team")) or text_of(payload.get("team_id")), "thread": thread}
    return [
        Collected(
            "messages",
            without_empty(
                {
                    "event_id": composed_id(channel, time),
                    "type": "received",
                    "occurred_at": occurred_at_ms,
                    "network": "slack",
                    "conversation_id": channel,
                    "ids": {"slack": user},
                    "text": message_of(event.get("text")),
                    "properties": without_empty(properties),
                }
            ),
        )
    ]


def _is_of_customer(event: Mapping[str, object], own_team: str) -> bool:
    kind, subtype = text_of(event.get("type")), text_of(event.get("subtype"))
    if kind not in _KINDS or subtype not in _WRITTEN or event.get("bot_id"):
        return False
    teams = (text_of(event.get(name)) for name in ("user_team", "source_team", "team"))
    return not own_team or next((team for team in teams if team), "") != own_team


PROVIDER: Final = Provider("slack", verify, map_request, challenge, options=("own_team",))
