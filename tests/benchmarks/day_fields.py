"""The fields of the touches of the generated day: pages, campaigns, browsers, mailings, calls; and invalid touches."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Final

DAY_MS: Final = 86_400_000
PAGES: Final = 3_000
MAILINGS: Final = 40
BOTS: Final = 0.03
EAST: Final = timezone(timedelta(hours=2))
SHOP: Final = "https://shop.example"

Touch = dict[str, object]

_SECTIONS: Final = ("products", "blog", "help", "stories", "compare")
_SYSTEMS: Final = (
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64",
    "Linux; Android 14; SM-G991B",
    "Linux; Android 10; K",
)
_WEBKIT: Final = "AppleWebKit/537.36 (KHTML, like Gecko)"
_AGENTS: Final = (
    *(f"Mozilla/5.0 ({at}) {_WEBKIT} Chrome/{n}.0.0.0 Safari/537.36" for at in _SYSTEMS for n in range(118, 143)),
    *(f"Mozilla/5.0 ({at}; rv:{n}.0) Gecko/20100101 Firefox/{n}.0" for at in _SYSTEMS[:3] for n in range(115, 145)),
    *(
        f"Mozilla/5.0 (iPhone; CPU iPhone OS {n}_{m} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        f"Version/{n}.{m} Mobile/15E148 Safari/604.1"
        for n in range(15, 19)
        for m in range(7)
    ),
)
_BOT_AGENTS: Final = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "curl/8.5.0",
)
_REFERRERS: Final = (
    "https://www.google.com/",
    "https://www.bing.com/",
    "https://duckduckgo.com/",
    "https://www.facebook.com/",
    "https://news.example.net/weekly",
)
_CAMPAIGNS: Final = tuple(
    f"utm_source={source}&utm_medium={medium}&utm_campaign=autumn-{n}"
    for source, medium in (("google", "cpc"), ("newsletter", "email"), ("partner", "referral"), ("meta", "paid_social"))
    for n in range(12)
)
_VISIT_TYPES: Final = ("page",) * 14 + ("click",) * 3 + ("search", "download", "custom")
_EMAIL_TYPES: Final = ("delivered",) * 5 + ("opened",) * 4 + ("clicked",) * 2 + ("sent",) * 4 + ("bounced",)
_CALL_TYPES: Final = ("answered",) * 6 + ("missed", "missed", "abandoned", "voicemail")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer by rank; rank 0 is the most frequent."""

    rank: int

    @property
    def customer_id(self) -> str:
        return f"C-{100_000 + self.rank}"

    @property
    def email(self) -> str:
        return f"person.{self.rank}@mail{self.rank % 50}.example.org"

    @property
    def phone(self) -> str:
        return f"+4930{10_000_000 + self.rank}"

    @property
    def ip(self) -> str:
        return f"198.51.{self.rank // 250 % 250}.{self.rank % 250}"

    def visitor(self, random: Random) -> str:
        """Return the visitor id of one of two browsers, mostly the first."""
        device = 1 if random.random() < 0.8 else 2
        return f"{(self.rank * 2 + device) * 0x9E3779B97F4A7C15 % (1 << 64):016x}"


def make_visit(random: Random, customer: Customer, at_ms: int, linked: bool) -> Touch:
    """Return a visit; `linked` means a form that also contains the address."""
    touch: Touch = {
        "event_id": f"{random.getrandbits(128):032x}",
        "type": "form" if linked else random.choice(_VISIT_TYPES),
        "occurred_at": _iso(at_ms, UTC),
        "anonymous_id": customer.visitor(random),
        "url": _url(random),
        "title": f"Page {random.randrange(PAGES)}",
        "user_agent": _agent(random, customer),
        "ip": customer.ip,
        "screen": random.choice(("1920x1080", "1440x900", "390x844", "412x915")),
        "engaged_ms": random.randrange(120_000),
    }
    if random.random() < 0.4:
        touch["referrer"] = random.choice(_REFERRERS) if random.random() < 0.5 else f"{SHOP}/{random.randrange(PAGES)}"
    if random.random() < 0.1:
        touch["properties"] = {"plan": random.choice(("free", "pro")), "cart": random.randrange(9)}
    if linked:
        touch |= {"email": customer.email, "properties": {"traits": {"name": f"Person {customer.rank}"}}}
    return touch


def make_email(random: Random, customer: Customer, at_ms: int, linked: bool) -> Touch:
    """Return an event of a mail; `linked` means that the mail tool knows the customer number."""
    mailing, kind = random.randrange(MAILINGS), random.choice(_EMAIL_TYPES)
    touch: Touch = {
        "event_id": f"evt_{random.getrandbits(96):024x}",
        "type": kind,
        "occurred_at": at_ms,
        "direction": "outbound",
        "email": customer.email,
        "message_id": f"<{mailing}.{customer.rank}@mail.shop.example>",
        "subject": f"What is new in week {mailing}",
        "campaign": f"weekly-{mailing}",
    }
    if kind == "clicked":
        touch["link_url"] = _url(random)
    if kind in ("opened", "clicked"):
        touch |= {"user_agent": _agent(random, customer), "ip": customer.ip}
    if linked:
        touch["customer_id"] = customer.customer_id
    return touch


def make_call(random: Random, customer: Customer, at_ms: int, linked: bool) -> Touch:
    """Return a call; `linked` means that the agent identified the customer."""
    touch: Touch = {
        "event_id": f"call-{random.getrandbits(64):016x}",
        "type": random.choice(_CALL_TYPES),
        "occurred_at": _iso(at_ms, EAST),
        "direction": "inbound" if random.random() < 0.8 else "outbound",
        "phone": customer.phone,
        "duration_s": round(random.expovariate(1 / 180), 1),
        "wait_s": random.randrange(90),
        "queue": random.choice(("sales", "support", "billing")),
        "agent": f"agent-{random.randrange(30)}",
    }
    if linked:
        touch["customer_id"] = customer.customer_id
    return touch


def _iso(at_ms: int, zone: timezone) -> str:
    return datetime.fromtimestamp(at_ms / 1000, zone).isoformat(timespec="milliseconds")


def _url(random: Random) -> str:
    """Return the URL of a page, low numbers more often; a fifth have a campaign, a fifth of those a click id."""
    page = int(PAGES ** random.random()) - 1
    path = f"{SHOP}/{_SECTIONS[page % len(_SECTIONS)]}/{page}"
    if random.random() >= 0.2:
        return path
    click = f"&gclid={random.getrandbits(96):024x}" if random.random() < 0.2 else ""
    return f"{path}?{random.choice(_CAMPAIGNS)}{click}"


def _agent(random: Random, customer: Customer) -> str:
    """Return the user agent of the customer's browser or of a bot."""
    return random.choice(_BOT_AGENTS) if random.random() < BOTS else _AGENTS[customer.rank * 7919 % len(_AGENTS)]


def break_touch(random: Random, touch: Mapping[str, object]) -> bytes:
    """Return a message that violates the contract in one of several ways."""
    return random.choice(_BREAKS)(dict(touch))


def _without(touch: Touch, name: str) -> bytes:
    return _dump({key: value for key, value in touch.items() if key != name})


def _dump(touch: Touch) -> bytes:
    return json.dumps(touch, separators=(",", ":")).encode()


_BREAKS: Final[tuple[Callable[[Touch], bytes], ...]] = (
    lambda touch: _dump(touch)[:-9],
    lambda touch: b"\xff" + _dump(touch),
    lambda touch: b"[" + _dump(touch) + b"]",
    lambda touch: _without(touch, "type"),
    lambda touch: _without(touch, "occurred_at"),
    lambda touch: _dump(touch | {"type": "stare"}),
    lambda touch: _dump(touch | {"occurred_at": "2026-09-21T09:30:00"}),
    lambda touch: _dump(touch | {"event_id": True}),
    lambda touch: _dump(touch | {"tenant": "Not A Name"}),
    lambda touch: _dump(touch | {"schema_version": 9}),
)
