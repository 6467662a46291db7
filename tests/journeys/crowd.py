"""A crowd of generated people: raw records as producers write them, and their expected outcome, drawn from a seed."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Final

import schemas.channels
from schemas.time import DAY_MS

CHANNELS: Final = tuple(schemas.channels.CHANNELS)
RAW_PARTITIONS: Final = 2
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
BOT: Final = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
FIREFOX: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
REFUSED: Final = (  # (channel, bytes, the reason)
    ("visits", b'{"type": "page", "occ', "not_json"),
    ("calls", b"\xff\xfe", "not_utf8"),
    ("emails", b"[1, 2]", "not_an_object"),
    ("calls", b'{"type": "answered", "direction": "inbound"}', "missing_field"),
    ("visits", b'{"type": "stare", "occurred_at": 1790000000000, "url": "https://shop.example/"}', "unknown_type"),
    ("emails", b'{"type": "opened", "direction": "outbound", "occurred_at": "2026-01-31T09:30:00"}', "no_zone"),
)


@dataclass(frozen=True, slots=True)
class Raw:
    """One record of a raw topic. `received_at_ms`: its header, the time at which a collector received it."""

    channel: str
    partition: int
    value: bytes
    key: bytes | None = None
    received_at_ms: int | None = None


@dataclass
class Crowd:
    """`records` in sending order.

    `touches` counts distinct touches by customer, '' for those without identifiers. `engaged` has the largest time of
    each page view that has pings, in milliseconds.
    """

    records: list[Raw] = field(default_factory=list)
    touches: Counter[str] = field(default_factory=Counter)
    engaged: dict[str, int] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)


def make_crowd(seed: int, people: int, touches: int, now_ms: int) -> Crowd:
    """Return a crowd with these numbers of people and touches, within the thirty days before `now_ms`.

    Touches with two identifiers link the identifiers of each person, in any order. Some touches are repeated, some are
    from bots, some have no identifier, and some have no event id. A few people's touches are older than the open days;
    they come through one partition, since their order of arrival matters.
    """
    return _Maker(seed, people, now_ms).make(touches)


class _Maker:
    def __init__(self, seed: int, people: int, now_ms: int) -> None:
        self._random = Random(seed)
        self._people = people
        self._now_ms = now_ms
        self._crowd = Crowd()
        self._pinging = Random(seed + 1)
        self._made = 0

    def make(self, touches: int) -> Crowd:
        for person in range(self._people):
            self._link_identifiers(person)
        for _ in range(touches):
            self._touch(min(int(self._random.paretovariate(0.9)), self._people) - 1)
        for _ in range(touches // 40):
            self._unidentified()
        for person in range(5):
            self._latecomer(person)
        refused = [(*one, n) for n in range(4) for one in REFUSED]
        for channel, value, reason, n in refused:
            self._send(channel, value, n % RAW_PARTITIONS)
            self._crowd.refused[reason] += 1
        self._shuffle()
        return self._crowd

    def _ids(self, person: int) -> dict[str, str]:
        return {
            "customer_id": f"c{person}",
            "email": f"P{person}@Example.org",
            "phone": f"+4930{9010000 + 13 * person}",
            "anonymous_id": f"v{person}-{self._random.randrange(2)}",
        }

    def _link_identifiers(self, person: int) -> None:
        """Link visitor -> mail -> customer <- phone, in any order."""
        for visitor in range(2):
            ids = self._ids(person) | {"anonymous_id": f"v{person}-{visitor}"}
            self._visit(person, {name: ids[name] for name in ("anonymous_id", "email")}, "form")
        mail = {name: ids[name] for name in ("email", "customer_id")}
        self._count(person, "emails", mail | {"type": "opened", "direction": "outbound", "message_id": f"<{person}@x>"})
        call = {name: ids[name] for name in ("phone", "customer_id")}
        self._count(person, "calls", call | {"type": "answered", "direction": "inbound", "duration_s": 10.5})

    def _touch(self, person: int) -> None:
        random, ids = self._random, self._ids(person)
        channel = random.choice(("visits", "visits", "visits", "emails", "calls"))
        if channel == "visits":
            kind = random.choice(("page", "page", "page", "search", "click", "download", "identify"))
            self._visit(person, {"anonymous_id": ids["anonymous_id"]}, kind)
        elif channel == "emails":
            kind = random.choice(("opened", "clicked", "delivered", "bounced", "unsubscribed"))
            fields = {"direction": "outbound", "message_id": f"<m{random.randrange(99)}@x>", "type": kind}
            self._count(person, channel, {"email": ids["email"], **fields})
        else:
            fields = {"direction": "inbound", "type": random.choice(("answered", "missed", "voicemail"))}
            self._count(person, channel, {"phone": ids["phone"], **fields})

    def _visit(self, person: int, ids: dict[str, str], kind: str) -> None:
        random = self._random
        touch = {
            **ids,
            "type": kind,
            "url": f"https://shop.example/p/{random.randrange(9)}?utm_source=ad{random.randrange(3)}&utm_medium=cpc",
            "user_agent": BOT if random.random() < 0.1 else FIREFOX,
            "properties": {"traits": {"name": f"Person {person}"}} if kind in ("form", "identify") else {"n": 1},
        }
        if kind == "page" and self._pinging.random() < 0.3:
            touch["page_id"] = f"page{self._made}"
            self._ping(ids["anonymous_id"], touch["page_id"])
        self._count(person, "visits", touch)

    def _ping(self, visitor: str, page_id: str) -> None:
        """Add pings of a page view; they are shuffled with the touches."""
        random = self._pinging
        for engaged_ms in random.choices((0, 999.5, 15_000, 30_000, 45_000), k=random.randint(1, 4)):
            ping = {"type": "ping", "page_id": page_id, "engaged_ms": engaged_ms, "anonymous_id": visitor}
            value = json.dumps(ping | {"occurred_at": self._now_ms}).encode()
            self._send("visits", value, random.randrange(RAW_PARTITIONS))
            self._crowd.engaged[page_id] = max(int(engaged_ms), self._crowd.engaged.get(page_id, 0))

    def _count(self, person: int, channel: str, fields: Mapping[str, object]) -> None:
        """Add a touch of a person; some are sent two or three times."""
        random, touch = self._random, dict(fields)
        self._made += 1
        at_ms = self._now_ms - random.randrange(30 * DAY_MS)
        if random.random() < 0.9:
            touch["event_id"] = f"u{self._made}"
        touch["occurred_at"] = at_ms
        value = json.dumps(touch).encode()
        copies = random.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 3)) if "event_id" in touch else 1
        for _ in range(copies):
            self._send(channel, value, random.randrange(RAW_PARTITIONS))
        self._crowd.touches[f"c{person}"] += 1

    def _unidentified(self) -> None:
        self._made += 1
        touch = {"event_id": f"n{self._made}", "type": "page", "url": "https://shop.example/", "anonymous_id": "null"}
        touch["occurred_at"] = str_time(self._now_ms - self._random.randrange(DAY_MS))
        self._send("visits", json.dumps(touch).encode(), self._random.randrange(RAW_PARTITIONS))
        self._crowd.touches[""] += 1

    def _latecomer(self, number: int) -> None:
        """Add touches of one identifier; the older ones arrive after its days are closed."""
        for step, days in enumerate((1, 2, 80, 79, 78, 3)):
            touch = {
                "event_id": f"late{number}-{step}",
                "type": "page",
                "url": "https://shop.example/late",
                "anonymous_id": f"late{number}",
                "occurred_at": self._now_ms - days * DAY_MS,
            }
            self._send("visits", json.dumps(touch).encode(), 0, f"late{number}".encode())
            self._crowd.touches[f"late{number}"] += 1

    def _send(self, channel: str, value: bytes, partition: int, key: bytes | None = None) -> None:
        self._crowd.records.append(Raw(channel, partition, value, key))

    def _shuffle(self) -> None:
        """Shuffle the records; those with a key keep their relative order."""
        keyed = [one for one in self._crowd.records if one.key]
        records = [one for one in self._crowd.records if not one.key]
        self._random.shuffle(records)
        for place, one in zip(sorted(self._random.sample(range(len(records)), len(keyed))), keyed, strict=True):
            records.insert(place, one)
        self._crowd.records = records


def str_time(ms: int) -> str:
    """Return epoch ms as ISO 8601 in another time zone."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat()
