"""Invented people and their touches from a seed, with everything that makes counting hard."""

from random import Random

from schemas.identity_messages import Unlink
from tests.dashboards.journey import DAY_MS, Journey

START_MS = 1_790_000_000_000
DAYS = 120
HOUR_MS = 3_600_000
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
END_MS = START_MS + DAYS * DAY_MS
TYPES = {
    "visits": ("page", "search", "form", "identify"),
    "emails": ("clicked", "bounced", "unsubscribed", "delivered"),
    "calls": ("answered", "missed", "abandoned"),
}
Ids = dict[str, str]


def live(journey: Journey, touches: int, persons: int = 40, start_ms: int = START_MS, name: str = "e") -> None:
    """Return touches of people over 120 days, sent in the order in which they arrive.

    Some are sent twice or revised, some arrive more than 35 or 50 days late, some are by bots, some have no identifier,
    and some cannot be read.
    """
    random = journey.random
    sent: list[tuple[int, str, dict[str, object]]] = []
    for number in range(touches):
        # bursts: sessions, and days with more touches than a cap
        day = random.choice((*range(DAYS), 3, 3, 3, 77, 77, 77))
        hour_ms = random.choice((0, 9, 9, 14, 23)) * HOUR_MS + random.randrange(
            0, HOUR_MS, random.choice((1, 60_000, 900_000))
        )
        t_ms = start_ms + day * DAY_MS + hour_ms
        person = min(int(random.paretovariate(0.9)), persons)
        channel, touch = _touch(random, f"{name}{number}", person, t_ms)
        delay_ms = random.choice((0, 0, 0, 50, 3_600_000, 2 * DAY_MS, random.randrange(90 * DAY_MS)))
        sent.append((t_ms + delay_ms, channel, touch))
        if random.random() < 0.08:
            sent.append((t_ms + delay_ms + random.randrange(3 * DAY_MS), channel, touch))
        elif random.random() < 0.1:
            touch["revision"] = random.randrange(3)
            for revision in random.sample(range(5), 2):
                report = touch | {"revision": revision, "type": random.choice(TYPES[channel])}
                sent.append((t_ms + delay_ms + random.randrange(3 * DAY_MS), channel, report))
    for step in range(130):  # two days without a pause of 30 minutes
        t_ms = start_ms + 50 * DAY_MS + step * 1_500_000
        sent.append((t_ms, *_touch(random, f"{name}-{step}", 2, t_ms)))
    for at_ms, channel, touch in sorted(sent, key=lambda it: it[0]):
        journey.send(channel, touch, at_ms)
    journey.send("visits", b'{"type": "page"', at_ms)
    journey.send("calls", b"\xff\xfe", at_ms + 1)


def wait(journey: Journey) -> None:
    """Return touches of two people who wait for an answer at `END_MS`."""
    call = {"type": "abandoned", "direction": "inbound", "phone": "+49309020013", "queue": "sales"}
    mail = {"type": "received", "direction": "inbound", "email": "waits@example.org", "subject": "Where is my order?"}
    for channel, touch, ago_ms in (("calls", call, 3 * HOUR_MS), ("emails", mail, HOUR_MS)):
        at_ms = END_MS - ago_ms
        journey.send(channel, {"event_id": f"w{ago_ms}", "occurred_at": at_ms, **touch}, at_ms)


def quarrel(journey: Journey, persons: int = 40) -> None:
    """Return unlinks of some identifiers, some of which are undone."""
    for person in range(1, persons, 5):
        journey.command(Unlink(f"main|email:p{person}@example.org", f"main|customer_id:c{person}", END_MS, True))
    for person in range(1, persons, 10):
        journey.command(Unlink(f"main|email:p{person}@example.org", f"main|customer_id:c{person}", END_MS + 1, False))
    journey.command(Unlink("main|anonymous_id:v2-0", "*", END_MS, True))


def _touch(random: Random, event_id: str, person: int, t_ms: int) -> tuple[str, dict[str, object]]:
    channel = random.choice(("visits", "visits", "visits", "emails", "emails", "calls"))
    touch: dict[str, object] = {"event_id": event_id, "occurred_at": t_ms, **_ids(random, person, channel)}
    if random.random() < 0.05:
        touch["tenant"] = "other"
    if channel == "visits":
        touch |= {
            "type": random.choice(("page", "page", "page", "search", "form", "identify")),
            "url": f"https://shop.example/p/{random.randrange(9)}?utm_source=ad{random.randrange(3)}&utm_medium=cpc",
            "user_agent": BOT if random.random() < 0.1 else FIREFOX,
            "properties": {"traits": {"name": f"Person {person}"}},
        }
        if touch["type"] == "identify":  # by an app
            touch |= {"url": None, "name": "Log-in", "app": {"name": "Shop", "version": "3.1.0"}}
    elif channel == "emails":
        touch |= {
            "type": random.choice(("clicked", "clicked", "bounced", "unsubscribed", "delivered")),
            "direction": "outbound",
            "message_id": f"m{random.randrange(200)}",
            "subject": "News",
        }
    else:
        touch |= {"type": "answered", "direction": "inbound", "duration_s": random.randrange(600)}
        touch["properties"] = {"seats": 3}
    return channel, touch


def _ids(random: Random, person: int, channel: str) -> Ids:
    """Return identifiers of a touch: one or several of the person's, sometimes a friend's, or none."""
    if random.random() < 0.03:
        return {}
    mine: Ids = {
        "customer_id": f"c{person}",
        "email": f"p{person}@example.org",
        "phone": f"+4930{9010000 + 13 * person}",
        "anonymous_id": f"v{person}-{random.randrange(3)}",
    }
    if random.random() < 0.02:
        mine["email"] = f"p{person + 1}@example.org"
    first = {"visits": "anonymous_id", "emails": "email", "calls": "phone"}[channel]
    more = [name for name in mine if random.random() < 0.15]
    return {name: mine[name] for name in {first, *more}}
