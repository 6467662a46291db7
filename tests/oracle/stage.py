"""The expected state after the engage stage has read everything that was fed to it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from schemas import touch as fed_touch
from schemas.identity_messages import Claim, Unlink
from streams.identity.ties import TieLimits
from tests.oracle.identity import Place, identify
from tests.oracle.profiles import Profile, Scale, profile
from tests.oracle.revisions import newest
from tests.oracle.sessions import Run, runs_by_day
from tests.oracle.touch import Touch


@dataclass(frozen=True, slots=True)
class Expected:
    """By key: places, profiles, runs by owner and day; and the touches that must have a row."""

    places: dict[str, Place]
    profiles: dict[str, Profile]  # of identifiers without a parent
    runs: dict[tuple[str, int], list[Run]]
    counted: list[fed_touch.Touch]


def expect(
    fed: Iterable[fed_touch.Touch | Claim | Unlink | bytes], limits: TieLimits, scale: Scale, gap_ms: int
) -> Expected:
    """Return the expected state, which does not depend on the order of the feed. Raises UncertainError."""
    everything = list(fed)
    touches = [each for each in everything if isinstance(each, fed_touch.Touch)]
    claims = [each for each in everything if isinstance(each, Claim)]
    identities = identify(
        {key for each in touches for key in each.ids} | {claim.to for claim in claims},
        [
            *((each.ids[0], weaker, each.occurred_at_ms) for each in touches for weaker in each.ids[1:]),
            *((claim.to, weaker, claim.at) for claim in claims for weaker in claim.weaker),
        ],
        [each for each in everything if isinstance(each, Unlink)],
        limits.links,
        limits.targets,
    )
    counted = newest(touches)
    by_owner: dict[str, list[Touch]] = defaultdict(list)
    for each in counted:
        by_owner[_owner(each)].append(as_oracle(each))
    members: dict[str, list[str]] = defaultdict(list)
    for key in identities.places:
        members[identities.root(key)].append(key)
    return Expected(
        identities.places,
        {root: profile([by_owner.get(key, []) for key in keys], scale) for root, keys in members.items()},
        {(key, day): runs for key, own in by_owner.items() if key for day, runs in runs_by_day(own, gap_ms).items()},
        counted,
    )


def _owner(touch: fed_touch.Touch) -> str:
    return touch.ids[0] if touch.ids else ""


def as_oracle(touch: fed_touch.Touch) -> Touch:
    """Return a touch as it travels on `activity` in the oracle's own form."""
    return Touch(
        touch.event_id, touch.channel, touch.occurred_at_ms, touch.weight, touch.cap, touch.cap_value, touch.bot,
        touch.page, touch.source, touch.medium, touch.campaign, touch.traits,
    )  # fmt: skip
