"""Random records on `activity` of a few persons: touches, retries, commands, and undecodable values."""

import random
from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import structs

from schemas.channels import CHANNELS
from schemas.identity_messages import Claim, Unlink
from schemas.pings import Ping
from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.engage.batch_fold import FoldConfig
from streams.identity.ties import TieLimits
from streams.intake.event_row import encode_head
from tests.streams.touches import touch

HOUR_MS: Final = 3_600_000
GAP_MS: Final = HOUR_MS // 2
START_MS: Final = 20_000 * DAY_MS
ORDER: Final = ("master_id", "customer_id", "email", "phone", "anonymous_id")
POOL: Final = {"master_id": 1, "customer_id": 2, "email": 3, "phone": 2, "anonymous_id": 4}
MANY: Final = 10**6
ANY_DAY: Final = [channel for channel, model in CHANNELS.items() if model.COUNTS_BY_NATURAL_ID]
# Which limits are reached, whether ids are forgotten, whether days close. The result of the last two depends on the
# order of arrival, so an oracle of sets does not apply.
MODES: Final = ("plain", "targets", "links", "window", "late")
SET_MODES: Final = MODES[:3]

Fed = Touch | Unlink | Claim | Ping | bytes  # bytes: an undecodable value

_CAPS: Final = ((0, ""), (0, ""), (1, "m1"), (1, "m2"), (2, ""), (3, ""))
_GARBAGE: Final = (b"", b"\xc1", b"{}", b"\x93\x02\xa1x", b"\x95\x03\xa1a\xa1b\x01\xc4\x01\xff", b"\x91" * 3000)


class Scenario(NamedTuple):
    """`late`: messages of a dead worker may arrive long after it was replaced. `trouble`: faults occur."""

    seed: int
    mode: str
    fold_config: FoldConfig
    window_ms: int
    partitions: int
    trouble: bool
    late: bool
    feed: Sequence[Fed]


def scenario(seed: int, mode: str, trouble: bool = True) -> Scenario:
    """Return the scenario of a seed, always the same."""
    r = random.Random(f"{seed}/{mode}")
    limits = TieLimits(
        targets=r.choice([1, 2]) if mode == "targets" else MANY, links=r.choice([1, 2]) if mode == "links" else MANY
    )
    fold_config = FoldConfig(7 * DAY_MS, 1 if mode == "late" else 35, GAP_MS, limits, ORDER)
    touches = _touches(r, mode)
    sent = [*touches, *_revisions(r, touches)]
    feed: list[Fed] = [*sent, *_retries(r, sent), *_commands(r, touches)]
    if seed % 4 == 3:
        feed = _by_several_senders(random.Random(seed), feed)
    if r.random() < 0.3:
        feed += r.choices(_GARBAGE, k=2)
    r.shuffle(feed)
    window_ms = 2 * DAY_MS if mode == "window" else MANY * DAY_MS
    late = r.random() < 0.4
    return Scenario(seed, mode, fold_config, window_ms, r.randint(1, 3), trouble, late, _arriving(r, feed, mode))


def make_touch(event_id: str, t_ms: int, ids: Sequence[str], **fields: object) -> Touch:
    """Return a touch with the encoded first columns of its row."""
    tenant = str(fields.get("tenant", "main"))
    return _with_head(touch(t_ms, event_id, ids=tuple(f"{tenant}|{name}" for name in ids), **fields))


def _with_head(made: Touch) -> Touch:
    columns = {name: getattr(made, name) for name in ("tenant", "event_id", "channel", "type", "bot")}
    columns |= {"occurred_at": made.occurred_at_ms, "lead_source": made.source}
    return structs.replace(made, head=encode_head(columns | {"country": made.traits.get("$country", "")}))


def pick_ids(r: random.Random) -> tuple[str, ...]:
    """Return identifiers, strongest first; often one, sometimes none."""
    named = [name for name in ORDER if r.random() < 0.4]
    return tuple(f"{name}:{r.randint(1, POOL[name])}" for name in named)


def _touches(r: random.Random, mode: str) -> list[Touch]:
    days = 9 if mode == "late" else 3
    found, used = [], set[tuple[object, ...]]()
    for number in range(r.randint(1, 14)):
        ids, tenant = pick_ids(r), r.choice(["main"] * 9 + ["other"])
        event_id = r.choice(["shared", f"e{number}"])
        if (tenant, ids[:1], event_id) in used:
            event_id = f"e{number}"
        used.add((tenant, ids[:1], event_id))
        moment = r.choice([0, 1, GAP_MS, GAP_MS + 1, 2 * GAP_MS + 1, DAY_MS // 2, DAY_MS - 1])
        found.append(_touch(r, event_id, START_MS + r.randrange(days) * DAY_MS + moment, ids, tenant))
    return found


def _touch(r: random.Random, event_id: str, t_ms: int, ids: Sequence[str], tenant: str) -> Touch:
    # without identifiers, no revision but the first to arrive counts
    revision = r.choice([0, 1, 2]) if ids and r.random() < 0.4 else None
    channel, source_at_ms = r.choice(["visits", "emails"]), t_ms + r.choice([0, 0, DAY_MS])
    fixed = {"tenant": tenant, "channel": channel, "source_at_ms": source_at_ms, "revision": revision}
    return make_touch(event_id, t_ms, ids, **fixed, **_content(r), rules_version=r.choice(["v1", "v2"]))


def _content(r: random.Random) -> dict[str, object]:
    """Return what may differ between the revisions of a touch."""
    cap, cap_value = r.choice(_CAPS)
    bot = r.random() < 0.1
    return {
        "type": r.choice(["page", "click", "form"]),
        "bot": bot,
        "weight": 0.0 if bot else r.choice([1.0, 2.5, -3.0, 0.0, 4.0]),
        "cap": cap,
        "cap_value": cap_value,
        "page": r.choice(["", "example.org/a", "example.org/b"]),
        "source": r.choice(["", "google", "bing"]),
        "medium": r.choice(["", "cpc"]),
        "traits": {name: r.choice("xyz") for name in ("name", "$country") if r.random() < 0.3},
    }


def _revisions(r: random.Random, touches: Sequence[Touch]) -> list[Touch]:
    """Return more revisions of those touches that have one, some with an equal number and another content."""
    more = []
    for each in touches:
        for _ in range(r.choice([0, 1, 1, 2, 3]) if each.revision is not None else 0):
            names = [key.partition("|")[2] for key in each.ids]
            fixed = {name: getattr(each, name) for name in ("tenant", "channel", "source_at_ms", "rules_version")}
            revision = r.choice([0, 1, 2, 3, 4])
            more.append(
                make_touch(each.event_id, each.occurred_at_ms, names, **fixed, **_content(r), revision=revision)
            )
    return more


def _retries(r: random.Random, touches: Sequence[Touch]) -> list[Touch]:
    """Return repeated touches, some with more identifiers, weaker than their strongest."""
    again = []
    for each in touches:
        for _ in range(r.choice([0, 0, 1, 1, 2])):
            ids = each.ids
            if ids and r.random() < 0.3:
                mine = {_namespace(key): key for key in (f"{each.tenant}|{name}" for name in pick_ids(r))}
                mine |= {_namespace(key): key for key in ids}
                strongest = ORDER.index(_namespace(ids[0]))
                ids = tuple(mine[name] for name in ORDER[strongest:] if name in mine)
            again.append(structs.replace(each, ids=ids))
    return again


def _by_several_senders(r: random.Random, feed: Sequence[Fed]) -> list[Fed]:
    """Return the feed with half of its touches in channels where copies may name any day; the copies do."""
    channel = r.choice(ANY_DAY)
    return [
        _sent_by_another(each, channel, r.choice([0, 0, 1, -2]))
        if isinstance(each, Touch) and each.channel == "emails"
        else each
        for each in feed
    ]


def _sent_by_another(touch: Touch, channel: str, days: int) -> Touch:
    return _with_head(structs.replace(touch, channel=channel, source_at_ms=touch.source_at_ms + days * DAY_MS))


def _commands(r: random.Random, touches: Sequence[Touch]) -> list[Fed]:
    known = sorted({key for each in touches for key in each.ids})
    commands: list[Fed] = []
    for _ in range(r.choice([0, 0, 1, 2, 3])):
        pair = sorted(r.sample(known, 2), key=lambda key: ORDER.index(_namespace(key))) if len(known) > 1 else []
        if not pair or _namespace(pair[0]) == _namespace(pair[1]):
            continue
        if r.random() < 0.3:
            commands.append(Claim(pair[0], (pair[1],), START_MS + r.randrange(DAY_MS)))
        else:
            command = Unlink(pair[1], r.choice([pair[0], "*"]), r.randint(0, 3), r.random() < 0.7)
            commands += [command] * r.choice([1, 1, 2])
    return commands


def with_pings(life: Scenario) -> Scenario:
    """Return a scenario with pings of some page views in between, in any order and repeated."""
    r = random.Random(f"pings/{life.seed}")
    owners = ["", *sorted({each.ids[0] for each in life.feed if isinstance(each, Touch) and each.ids})]
    pinged = list(life.feed)
    for _ in range(r.choice([1, 4, 9])):
        ping = Ping(r.choice(owners), "main", "visits", f"p{r.randint(1, 2)}", r.choice([0, 999, 5_000, 90_000]))
        pinged.insert(r.randint(0, len(pinged)), ping)
    return life._replace(feed=pinged)


def _arriving(r: random.Random, feed: Sequence[Fed], mode: str) -> list[Fed]:
    """Return the feed with arrival times: mostly growing, by hours in the mode in which ids are forgotten."""
    step_ms = DAY_MS if mode == "window" else HOUR_MS
    now_ms, arrivals = START_MS, list[Fed]()
    for each in feed:
        now_ms += r.randrange(step_ms)
        if isinstance(each, Touch):
            received_at_ms = now_ms - r.choice([0, 0, 0, r.randrange(4 * step_ms)])
            arrivals.append(structs.replace(each, received_at_ms=received_at_ms))
        else:
            arrivals.append(each)
    return arrivals


def _namespace(key: str) -> str:
    return key.partition("|")[2].partition(":")[0]
