"""Good touches: each message as it is sent, generated together with its meaning."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from schemas.channels import CHANNELS
from tests.chaos.load_meaning import Facts
from tests.chaos.load_people import Named
from tests.chaos.load_words import BOTS, CALLS, HOSTS, MAILS, NO_AGENT, PATHS, PEOPLE, QUERIES, REFERRERS, VISITS, Agent
from tests.journeys.crowd import str_time
from tests.schemas.touches import SAMPLES


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, as its sender states it; `event_id` '' means a touch without one.

    `revision` is the number of the report, None for a touch that is not revised.
    """

    stated_ms: int
    event_id: str
    sent_at_ms: int | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A message and its meaning. `received_at_ms`: when a collector received it, None if none did."""

    value: bytes
    facts: Facts
    received_at_ms: int | None = None


def _text(value: object) -> str:
    """Return a property as the table stores it."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Maker:
    """A generator of touches, driven by the given random numbers."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def any(self, tenant: str, named: Named, when: Moment, channel: str) -> Made:
        """Return a random touch of a channel."""
        if SAMPLES[channel].make:
            return self.sample(tenant, named, when, channel)
        if channel == "visits":
            return (self.visit if self.random.random() < 0.85 else self.screen)(tenant, named, when)
        return self.mail(tenant, named, when) if channel == "emails" else self.call(tenant, named, when)

    def sample(self, tenant: str, named: Named, when: Moment, channel: str) -> Made:
        """Return a touch of a channel whose columns are the fields of its messages."""
        make = SAMPLES[channel].make
        assert make is not None
        return self.copy(tenant, named, when, channel, make(self.random))

    def copy(self, tenant: str, named: Named, when: Moment, channel: str, own: Mapping[str, Any]) -> Made:
        """Return a touch of such a channel with these fields of its own."""
        columns = SAMPLES[channel].columns(dict(own))
        return self._make(tenant, channel, named, when, columns, {}, NO_AGENT, _Where("", "", "", ""), own)

    def visit(self, tenant: str, named: Named, when: Moment, kind: str = "", size: int = 0, page_id: str = "") -> Made:
        """Return a visit; `size` is the size in bytes of a property that makes it large."""
        random = self.random
        agent = random.choice(BOTS) if random.random() < 0.08 else random.choice(PEOPLE)
        referrer, query = random.choice(REFERRERS), random.choice(QUERIES)
        host, path, kind = random.choice(HOSTS), random.choice(PATHS), kind or random.choice(VISITS)
        columns: dict[str, object] = {
            "type": kind, "url": f"https://{host}{path}{query.text}", "url_host": host, "url_path": path,
            "referrer": referrer.text, "referrer_host": referrer.host, "referrer_class": referrer.kind, **query.columns,
            "page_id": page_id,
        }  # fmt: skip
        source = query.source or referrer.source
        medium = query.medium if query.source else referrer.medium
        if random.random() < 0.3:
            columns |= {
                "title": f"Seite {path} ✓",
                "screen": "1920x1080",
                "engaged_ms": float(random.randrange(90_000)),
            }
        properties: dict[str, object] = {}
        if size:
            properties["blob"] = "x" * size
        if kind in ("form", "identify", "custom"):
            properties["traits"] = {
                "name": f"Name {random.randrange(9)}",
                "plan": random.choice(("free", "pro")),
                "n": 3,
            }
        where = _Where(f"{host}{path}", source, medium, str(query.columns.get("campaign_name", "")))
        return self._make(tenant, "visits", named, when, columns, properties, agent, where)

    def screen(self, tenant: str, named: Named, when: Moment) -> Made:
        """Return a visit without a page, of an app or a server."""
        random = self.random
        columns: dict[str, object] = {
            "type": random.choice(("screen", "custom", "identify")),
            "name": random.choice(("Basket", "Signed Up", "Prüfung")),
            "device_id": f"d{random.randrange(9)}",
            "library": "analytics-test",
            "library_version": "1.0",
        }
        if random.random() < 0.5:
            columns |= {"app_name": "Shop", "app_version": "3.1.0", "app_build": str(random.randrange(9))}
        return self._make(tenant, "visits", named, when, columns, {}, NO_AGENT, _Where("", "", "", ""))

    def mail(self, tenant: str, named: Named, when: Moment, kind: str = "", message: str = "") -> Made:
        """Return an email touch. Without an event id, its id is derived from its fields."""
        random, kind = self.random, kind or self.random.choice(MAILS)
        columns: dict[str, object] = {
            "type": kind,
            "direction": "inbound" if kind in ("received", "replied") else "outbound",
            "message_id": message or f"<m{random.randrange(40)}@{named.ids[0] if named.ids else 'x'}>",
        }
        if random.random() < 0.4:
            columns |= {"campaign": "mailing-3", "subject": "Ein Wort, “two”"}
        where = _Where("", "", "", str(columns.get("campaign", "")))
        if kind == "clicked":
            query = random.choice(QUERIES)
            columns |= {"link_url": f"https://shop.example/m{query.text}", **query.columns}
            name = str(query.columns.get("campaign_name", "")) or where.campaign
            where = _Where("", query.source, query.medium, name)
        agent = random.choice(PEOPLE) if kind in ("opened", "clicked") else NO_AGENT
        return self._make(tenant, "emails", named, when, columns, {}, agent, where)

    def call(self, tenant: str, named: Named, when: Moment, kind: str = "") -> Made:
        """Return a call from or to a customer."""
        random, kind = self.random, kind or self.random.choice(CALLS)
        columns: dict[str, object] = {"type": kind, "direction": random.choice(("inbound", "inbound", "outbound"))}
        if kind == "answered":
            columns |= {"duration_s": random.randrange(9_000) / 8, "agent": "kim", "queue": "sales", "outcome": "ok"}
        else:
            columns["wait_s"] = random.randrange(900) / 8
        return self._make(tenant, "calls", named, when, columns, {}, NO_AGENT, _Where("", "", "", ""))

    def _make(
        self, tenant: str, channel: str, named: Named, when: Moment, columns: dict[str, object],
        properties: dict[str, object], agent: Agent, where: "_Where", own: Mapping[str, Any] | None = None,
    ) -> Made:  # fmt: skip
        random = self.random
        sent = columns if own is None else own
        message = {
            name: value for name, value in sent.items() if name in CHANNELS[channel].model_fields and value != ""
        }
        if app := {name.removeprefix("app_"): value for name, value in columns.items() if name.startswith("app_")}:
            message["app"] = app
        message |= named.fields
        message["occurred_at"] = when.stated_ms if random.random() < 0.7 else str_time(when.stated_ms)
        if when.sent_at_ms is not None:
            message["sent_at"] = when.sent_at_ms
        if when.revision is not None:
            message["revision"] = columns["revision"] = when.revision
        if when.event_id:
            message["event_id"] = when.event_id
        if tenant != "main":
            message["tenant"] = tenant
        if agent.text:
            message["user_agent"] = columns["user_agent"] = agent.text
        columns |= {"device": agent.device, "os": agent.os, "browser": agent.browser, "bot": agent.bot}
        columns |= {"country": named.country, "lead_source": where.source, "ids": dict(named.others)}
        if random.random() < 0.2:
            message["source"] = columns["source"] = "shop-web"
        extra: dict[str, object] = {"basket": random.randrange(99), "note": "né"} if random.random() < 0.2 else {}
        if properties:
            message["properties"] = properties
        natural = _natural(channel, message, when)
        event_id = "" if natural and CHANNELS[channel].COUNTS_BY_NATURAL_ID else when.event_id
        kept = {"event_id": when.event_id} if when.event_id and not event_id else {}
        texts = {name: _text(value) for name, value in (extra | properties | kept).items()}
        facts = Facts(
            tenant, channel, event_id, "" if event_id else natural, named.ids,
            when.stated_ms, when.sent_at_ms, named.junk, agent.bot, where.page, where.source, where.medium,
            where.campaign, _traits(properties), {k: v for k, v in columns.items() if v != ""}
            | {"properties": texts, "numbers": _numbers(extra | properties)}, when.revision,
        )  # fmt: skip
        return Made(json.dumps(message | extra, ensure_ascii=random.random() < 0.5).encode(), facts)


@dataclass(frozen=True, slots=True)
class _Where:
    page: str
    source: str
    medium: str
    campaign: str


def _natural(channel: str, message: Mapping[str, object], when: Moment) -> str:
    """What an id is derived from, as docs/contract.md says; '' for what has only its place."""
    if channel != "emails":
        return SAMPLES[channel].natural_id(dict(message), when.stated_ms)
    if not message.get("message_id"):
        return ""
    whom = str(message.get("email", "")).strip().lower() or message.get("customer_id", "")
    parts = (message["type"], message["message_id"], when.stated_ms, whom, message.get("link_url", ""))
    return "\x1f".join(map(str, parts))


def _numbers(properties: Mapping[str, object]) -> dict[str, float]:
    """Return the properties that are numbers, as docs/data-model.md says."""
    numbers = {name: float(value) for name, value in properties.items() if isinstance(value, int)}
    for name, members in properties.items():
        if isinstance(members, dict):
            numbers |= {f"{name}.{inner}": float(value) for inner, value in members.items() if isinstance(value, int)}
    return numbers


def _traits(properties: Mapping[str, object]) -> dict[str, str]:
    traits = properties.get("traits")
    return {name: _text(value) for name, value in traits.items()} if isinstance(traits, dict) else {}
