"""Decoding of records: every refusal with its reason, and all values of a valid touch."""

from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD
from schemas.flags import Flag
from schemas.rejected import DETAIL_CHARS, Reason, Rejected
from schemas.touch import Touch
from schemas.versions import upgrade
from streams.enrichment.country import EnrichFailed
from streams.enrichment.pipeline import Lookups
from streams.intake import decoder as module
from streams.intake.decoder import decode, derive_id
from tests.scale import scaled
from tests.schemas.column_types import fits, read_row
from tests.schemas.touches import FULL, LEAST, as_bytes, by_column, changed, own_fields
from tests.streams.intake.bad_messages import BAD, LIMIT_BYTES, Bad, nested, sized
from tests.streams.intake.reading import (
    CONFIG,
    DAY_MS,
    RECEIVED_MS,
    RETENTION_MS,
    channels,
    damages,
    full_id,
    json_values,
    mutations,
    raw_record,
    refuse,
    take,
    texts,
)
from tests.tables import table

HAPPENED_MS = 1_769_851_800_250


@table("bad", BAD)
def test_bad_messages(bad: Bad) -> None:
    found = decode(raw_record(bad.channel, bad.value), CONFIG)
    assert isinstance(found, Rejected)
    assert (found.reason, found.detail[: len(bad.detail)]) == (bad.reason, bad.detail)


def test_every_reason_is_reached() -> None:
    later = {
        Reason.UNMAPPABLE,
        Reason.FAULT,
        Reason.UNREADABLE,
        Reason.REFUSED_BY_STORE,
    }  # of no message, and of other stages
    assert {bad.reason for bad in BAD} == set(Reason) - later


@pytest.mark.parametrize("field", ["email", "schema_version", "type", "ids", "occurred_at"])
def test_a_detail_stays_short_however_long_the_nonsense(field: str) -> None:
    long = "\x80" * 100_000
    sent: object = {long: 1, long + "2": 1} if field == "ids" else long
    assert 0 < len(refuse("calls", changed("calls", **{field: sent})).detail) <= DETAIL_CHARS


def test_refusal_has_all_errors() -> None:
    found = refuse("calls", changed("calls", occurred_at="x", duration_s=-1, direction="in"))
    assert found.reason is Reason.BAD_TIME
    assert [part.partition(":")[0] for part in found.detail.split("; ")] == ["occurred_at", "direction", "duration_s"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_least_touch(channel: str) -> None:
    touch = take(channel, LEAST[channel])
    assert (touch.tenant, touch.channel, touch.type) == ("main", channel, LEAST[channel]["type"])
    assert (touch.ids, touch.bot, touch.traits) == ((), False, {})
    assert touch.raw == f"{channel}/3/5"
    natural = CHANNELS[channel].model_validate(LEAST[channel]).natural_id()
    assert touch.event_id == (derive_id(natural) if natural else touch.raw)


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_full_touch(channel: str) -> None:
    touch = take(channel, FULL[channel])
    assert touch.event_id == full_id(channel)
    assert (touch.source_at_ms, touch.occurred_at_ms) == (HAPPENED_MS, RECEIVED_MS - 750)
    assert touch.ids == (
        "main|customer_id:C-1001",
        "main|crm:0035g",
        "main|email:ada@example.org",
        "main|phone:+4930901820",
        "main|anonymous_id:b7c1f0d2",
    )
    assert touch.rules_version == CONFIG.rules.version
    row = read_row(touch.head, EVENT_HEAD)
    assert row["identifiers"] == [identifier.removeprefix("main|") for identifier in touch.ids]
    assert row["ids"] == {"loyalty": "77"}
    by_natural_id = CHANNELS[channel].COUNTS_BY_NATURAL_ID
    assert row["flags"] == ["clock_corrected", *(["derived_id"] if by_natural_id else [])]
    kept = {"event_id": "e-1"} if by_natural_id else {}
    assert row["properties"] == {"plan": "pro", "seats": "3", "traits": '{"name":"Ada","age":36,"gone":null}'} | kept
    assert row["numbers"] == {"seats": 3.0, "traits.age": 36.0}
    own = {name: FULL[channel][name] for name in ("type", "source", "library", "library_version", "schema_version")}
    own |= by_column(channel, own_fields(channel))
    assert {name: row[name] for name in own} == own
    same = ("event_id", "channel", "type", "bot", "rule", "cap", "cap_value", "rules_version")
    assert [getattr(touch, name) for name in same] == [row[name] for name in same]
    times = ("occurred_at", "source_at", "received_at")
    assert [getattr(touch, f"{name}_ms") for name in times] == [row[name] for name in times]
    assert (row["raw_topic"], row["raw_partition"], row["raw_offset"]) == (channel, 3, 5)


def test_rules_see_the_columns_of_enrichment() -> None:
    assert (take("visits", FULL["visits"]).rule, take("visits", FULL["visits"]).weight) == ("form", 50.0)
    assert take("visits", FULL["visits"]).cap_value.endswith("/pricing")
    assert take("emails", FULL["emails"]).cap_value.endswith("<1@mail.example.org>")


def test_a_bot_is_kept_and_worth_nothing() -> None:
    touch = take("visits", changed("visits", user_agent="Googlebot/2.1"))
    assert (touch.bot, touch.rule, touch.weight) == (True, "page_view", 0.0)


CLAIMS: dict[str, Any] = {
    "bot": True,
    "weight": 1_000.0,
    "country": "XX",
    "rule": "form",
    "rules_version": "mine",
    "cap": 0,
    "cap_value": "x",
    "flags": ["future"],
    "identifiers": ["customer_id:somebody"],
    "channel": "calls",
    "received_at": 0,
    "source_at": 0,
    "raw_topic": "x",
    "raw_partition": 9,
    "raw_offset": 9,
    "folded_into": "customer_id:somebody",
    "too_late": True,
    "activity_offset": 9,
    "url_host": "bank.example.com",
    "lead_source": "google",
    "device": "tablet",
    "referrer_class": "search",
    "campaign_source": "x",
    "page": "x",
    "traits": {"name": "Eve"},
    "ids_": {"customer_id": "somebody"},
}


def test_nothing_computed_can_be_smuggled_in() -> None:
    honest, claiming = take("visits", changed("visits")), take("visits", changed("visits", **CLAIMS))
    assert msgspec.structs.replace(claiming, head=b"") == msgspec.structs.replace(honest, head=b"")
    row, before = read_row(claiming.head, EVENT_HEAD), read_row(honest.head, EVENT_HEAD)
    assert {name for name in row if row[name] != before[name]} == {"properties", "numbers"}
    assert row["properties"].keys() == CLAIMS.keys()


def test_names_among_the_properties_have_no_meaning() -> None:
    honest, claiming = take("calls", changed("calls")), take("calls", changed("calls", properties=CLAIMS))
    assert msgspec.structs.replace(claiming, head=b"", traits={}) == msgspec.structs.replace(honest, head=b"")
    assert claiming.traits == {"name": "Eve"}


@pytest.mark.parametrize(
    "field", ["event_id", "sent_at", "schema_version", "email", "ids", "tenant", "source", "properties", "queue", "x"]
)
def test_null_is_left_out(field: str) -> None:
    assert take("calls", changed("calls", **{field: None})) == take("calls", LEAST["calls"])


@pytest.mark.parametrize(
    ("when", "at_ms", "flags"),
    [
        ({"occurred_at": RECEIVED_MS + DAY_MS}, RECEIVED_MS, ["future", "derived_id"]),
        ({"occurred_at": "2069-12-31T23:59:59Z"}, RECEIVED_MS, ["future", "derived_id"]),
        ({"occurred_at": "1990-01-01T00:00:00Z"}, RECEIVED_MS - RETENTION_MS, ["past", "derived_id"]),
        ({"occurred_at": "2026-01-31T09:29:60Z"}, RECEIVED_MS - 10_000, ["derived_id"]),
        ({"occurred_at": float(RECEIVED_MS)}, RECEIVED_MS, ["derived_id"]),
        ({"occurred_at": 1_000, "sent_at": 2_000}, RECEIVED_MS - 1_000, ["clock_corrected", "derived_id"]),
        ({"occurred_at": RECEIVED_MS}, RECEIVED_MS, ["derived_id"]),
    ],
)
def test_plausible_times_are_corrected_and_flagged(when: dict[str, Any], at_ms: int, flags: list[str]) -> None:
    touch = take("calls", changed("calls", **when))
    row = read_row(touch.head, EVENT_HEAD)
    assert (touch.occurred_at_ms, row["occurred_at"], row["flags"]) == (at_ms, at_ms, flags)


def test_a_derived_id_is_the_place_of_the_record() -> None:
    touch = take("calls", LEAST["calls"])
    assert touch.event_id == "calls/3/5"
    assert take("calls", LEAST["calls"], received_at_ms=RECEIVED_MS + DAY_MS).event_id == "calls/3/5"
    assert take("calls", LEAST["calls"], offset=6).event_id == "calls/3/6"
    assert take("calls", changed("calls", event_id="")).event_id == "calls/3/5"


def test_a_mail_that_its_provider_sends_again_keeps_its_derived_id() -> None:
    mail = changed("emails", message_id="m" * 200, email="ada@example.org", link_url="https://a.example/" + "x" * 7_000)
    first = take("emails", mail)
    assert take("emails", mail | {"sent_at": 5}, offset=99, partition=0).event_id == first.event_id
    assert take("emails", mail | {"message_id": "n"}).event_id != first.event_id
    assert len(first.event_id) == 32
    assert Flag.DERIVED_ID.value in read_row(first.head, EVENT_HEAD)["flags"]


def test_an_enrichment_that_fails_holds_nothing_back() -> None:
    class Broken:
        def country(self, ip: str) -> EnrichFailed:
            return EnrichFailed("country_by_ip", f"no {ip}")

    touch = take("visits", FULL["visits"], replace(CONFIG, lookups=Lookups(Broken())))
    row = read_row(touch.head, EVENT_HEAD)
    assert "enrich_failed" in row["flags"]
    assert row["country"] == "DE"  # the phone still tells


def minutes_to_seconds(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name != "minutes"} | {"duration_s": raw["minutes"] * 60.0}


def test_an_older_version_is_upgraded_on_its_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a version 2 of calls takes: CURRENT 2, and one pure step. Here through `upgrade`'s parameters."""
    steps = {("calls", 1): minutes_to_seconds}
    monkeypatch.setattr(module, "upgrade", partial(upgrade, current=2, steps=steps))
    row = read_row(take("calls", changed("calls", minutes=1.5)).head, EVENT_HEAD)
    assert (row["schema_version"], row["duration_s"], row["flags"]) == (2, 90.0, ["derived_id", "upgraded"])
    row = read_row(take("calls", changed("calls", schema_version=2, duration_s=90)).head, EVENT_HEAD)
    assert (row["schema_version"], row["duration_s"], row["flags"]) == (2, 90.0, ["derived_id"])
    assert refuse("calls", changed("calls", minutes="long")).reason is Reason.BAD_VALUE
    assert refuse("calls", changed("calls", schema_version=3)).reason is Reason.UNKNOWN_VERSION


def check(channel: str, value: bytes) -> None:
    """Nothing raises, the same gives the same, and a row is one that ClickHouse takes."""
    record = raw_record(channel, value)
    found = decode(record, CONFIG)
    assert decode(record, CONFIG) == found
    if isinstance(found, Rejected):
        assert 0 < len(found.detail) <= DETAIL_CHARS
        return
    row = read_row(found.head, EVENT_HEAD)
    assert [column for column in EVENT_HEAD if not fits(column.type, row[column.name])] == []
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Touch) == found
    assert all(isinstance(text, str) and len(text) <= 8_300 for text in (found.page, found.campaign, found.event_id))


@given(channels, st.binary(max_size=300) | json_values.map(msgspec.json.encode))
@settings(deadline=None)
def test_any_bytes(channel: str, value: bytes) -> None:
    check(channel, value)


@given(st.data(), channels)
@settings(deadline=None)
def test_damaged_messages(data: st.DataObject, channel: str) -> None:
    check(channel, data.draw(damages(channel)))


@given(st.data(), channels)
@settings(max_examples=scaled(300), deadline=None)
def test_any_value_in_any_field(data: st.DataObject, channel: str) -> None:
    check(channel, as_bytes(data.draw(mutations(channel))))


@given(channels, st.dictionaries(texts, json_values, max_size=5), st.dictionaries(texts, json_values, max_size=5))
@settings(deadline=None)
def test_whatever_a_producer_adds_is_kept(channel: str, unnamed: dict[str, Any], properties: dict[str, Any]) -> None:
    unnamed = {f"x-{name}": value for name, value in unnamed.items()}
    touch = take(channel, LEAST[channel] | unnamed | {"properties": properties})
    named = {name for name, value in [*unnamed.items(), *properties.items()] if value is not None}
    assert read_row(touch.head, EVENT_HEAD)["properties"].keys() == named


@pytest.mark.parametrize("value", [nested(32), sized(LIMIT_BYTES)], ids=["32 levels", "256 kB"])
def test_messages_at_the_limits_are_accepted(value: bytes) -> None:
    assert isinstance(decode(raw_record("calls", value), CONFIG), Touch)
