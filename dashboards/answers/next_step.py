"""What to do next about a customer, by named rules over the latest touches of each kind.

A rule asks what has been left open: a form, a call that nobody took, a mail without an answer. The first rule that
holds gives the step. Without touches of the kinds that the rules ask about, there is none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope
from dashboards.answers.score import HOT_SCORE
from schemas.time import DAY_MS

SINCE_MS: Final = 30 * DAY_MS  # how far back touches are asked for
_SOON_MS: Final = 3 * DAY_MS
_WEEK_MS: Final = 7 * DAY_MS
_LONG_MS: Final = 14 * DAY_MS
_TRIED: Final = ("missed", "abandoned", "voicemail")
_WROTE: Final = ("received", "replied")
_LEFT: Final = ("unsubscribed", "complained")

Way = Literal["call", "write", "wait"]


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest touch of one kind: channel, type, direction, and whether it is of a mailing."""

    channel: Clear
    type: Clear
    direction: Clear
    is_mailing: bool
    last_ms: int
    event_id: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step: what to do, why, by which rule, and the touch that asks for it (`since_ms`, `event_id`)."""

    way: Way
    text: Clear
    reason: Clear
    rule: Clear
    since_ms: int
    event_id: str


@dataclass(frozen=True, slots=True)
class _Case:
    latest: Sequence[Latest]
    at_ms: int
    score: float

    def last(self, channel: str, types: Sequence[str] = (), direction: str = "", mailing: bool = True) -> Latest | None:
        """Return the latest touch of the channel of one of the types; `mailing` False leaves out mailings."""
        found = [
            one
            for one in self.latest
            if one.channel == channel
            and (not types or one.type in types)
            and direction in ("", one.direction)
            and (mailing or not one.is_mailing)
        ]
        return max(found, key=lambda one: one.last_ms, default=None)

    def reached_since(self, at_ms: int) -> bool:
        """Return whether a call was answered, or one to the customer was tried, after a time."""
        calls = (self.last("calls", ("answered",)), self.last("calls", direction="outbound"))
        return any(one is not None and one.last_ms > at_ms for one in calls)


def _call_back(case: _Case) -> NextStep | None:
    tried = case.last("calls", _TRIED, "inbound")
    if tried is None or case.at_ms - tried.last_ms > _WEEK_MS or case.reached_since(tried.last_ms):
        return None
    reason = "Called and was not reached, and no call since."
    return NextStep("call", "Call back", reason, "call not taken, and none since", tried.last_ms, tried.event_id)


def _call_about_form(case: _Case) -> NextStep | None:
    form = case.last("visits", ("form",))
    if form is None or case.at_ms - form.last_ms > _SOON_MS or case.reached_since(form.last_ms):
        return None
    reason = "Sent a form, and no call since."
    return NextStep("call", "Call about the form", reason, "form without a call in 3 days", form.last_ms, form.event_id)


def _answer_mail(case: _Case) -> NextStep | None:
    wrote = case.last("emails", _WROTE, "inbound")
    if wrote is None or case.at_ms - wrote.last_ms > _WEEK_MS or case.reached_since(wrote.last_ms):
        return None
    answered = case.last("emails", ("sent", "delivered"), "outbound", mailing=False)
    if answered is not None and answered.last_ms > wrote.last_ms:
        return None
    reason = "Wrote to us, and no mail or call since."
    return NextStep(
        "write", "Answer the mail", reason, "mail without an answer in 7 days", wrote.last_ms, wrote.event_id
    )


def _leave_alone(case: _Case) -> NextStep | None:
    left = case.last("emails", _LEFT)
    if left is None:
        return None
    reason = "Wants no more mailings."
    return NextStep("wait", "Send no mailing", reason, "unsubscribed in 30 days", left.last_ms, left.event_id)


def _call_hot(case: _Case) -> NextStep | None:
    newest = max(case.latest, key=lambda one: one.last_ms, default=None)
    if newest is None or case.score < HOT_SCORE or case.reached_since(case.at_ms - _LONG_MS):
        return None
    reason = "Is hot, and no call for 14 days."
    return NextStep("call", "Call", reason, "hot without a call in 14 days", newest.last_ms, newest.event_id)


RULES: Final[tuple[Callable[[_Case], NextStep | None], ...]] = (
    _call_back,
    _call_about_form,
    _answer_mail,
    _leave_alone,
    _call_hot,
)
"""The rules, the most urgent first."""


def next_step(latest: Sequence[Latest], *, at_ms: int, score: float) -> NextStep | None:
    """Return the step of the first rule that holds, None if none does."""
    case = _Case([one for one in latest if one.last_ms <= at_ms], at_ms, score)
    return next((step for rule in RULES if (step := rule(case))), None)


def latest_touches(client: Client, scope: Scope, identifiers: Sequence[str], *, since_ms: int) -> list[Latest]:
    """Return the latest touch of each kind of the identifiers of a profile since a time."""
    owners = dict.fromkeys(identifiers, "")
    return latest_touches_of(client, scope, owners, since_ms=since_ms).get("", [])


def latest_touches_of(
    client: Client, scope: Scope, owners: Mapping[str, str], *, since_ms: int
) -> dict[str, list[Latest]]:
    """Return the latest touch of each kind of some profiles since a time; `owners`: by identifier, its profile."""
    rows = read(client, "latest_touches", tenant=scope.tenant, identifiers=list(owners), since_ms=max(since_ms, 0))
    found: dict[str, dict[tuple[str, str, str, bool], Latest]] = {}
    for row in rows:
        kind = row["channel"], row["type"], row["direction"], bool(row["is_mailing"])
        kinds = found.setdefault(owners[row["folded_into"]], {})
        known = kinds.get(kind)
        if known is None or known.last_ms < row["last_ms"]:
            kinds[kind] = Latest(*kind, row["last_ms"], row["event_id"])
    return {profile: list(kinds.values()) for profile, kinds in found.items()}
