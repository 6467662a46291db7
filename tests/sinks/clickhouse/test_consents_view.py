"""The view `consents` against the same computed in Python."""

import random

import zstandard

from sinks.clickhouse.client import Client
from sinks.store.insert import insert_touches
from tests.sinks.sample_blocks import make_event

_T0 = 1_700_000_000_000


def test_the_latest_decision_about_a_consent_counts_in_any_order(client: Client) -> None:
    chance = random.Random(6)
    decisions = [
        {
            "occurred_at": _T0 + chance.randrange(40),
            "type": chance.choice(["given", "withdrawn"]),
            "purpose": chance.choice(["marketing", "analytics"]),
            "contact_channel": chance.choice(["", "email"]),
            "identifiers": chance.sample(["email:a", "email:b", "customer_id:1"], chance.randrange(3)),
        }
        for _ in range(200)
    ]
    latest: dict[tuple[object, ...], tuple[int, bool]] = {}
    for one in decisions:
        for identifier in one["identifiers"]:
            key = identifier, one["purpose"], one["contact_channel"]
            latest[key] = max(latest.get(key, (0, False)), (one["occurred_at"], one["type"] == "withdrawn"))
    for name in ("consents", "calls"):
        rows = [
            make_event("t", number % 3, 1_000 * (name == "calls") + number, channel=name, event_id=str(number), **one)
            for number, one in enumerate(decisions)
            if name == "consents" or one["type"] == "given"
        ]
        chance.shuffle(rows)
        for block in (rows, rows[:50]):  # the second repeats a part of the first
            frame = zstandard.ZstdCompressor().compress(b"".join(block))
            insert_touches(client, [frame], f"{name} {len(block)}")
    found = client.query(
        "SELECT identifier, purpose, contact_channel, toUnixTimestamp64Milli(since), state FROM consents"
    ).result_rows
    assert {row[:3]: (row[3], row[4] == "withdrawn") for row in found} == latest
