"""Comparison of the state that an empty worker would restore from Kafka with the expected state.

It may use the pipeline's decoders. By the rule of the changelogs the value with the highest source offset of a key
is the current one.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from kafka import KafkaConsumer, TopicPartition

from streams.engage import dedupe_state, profile_message
from streams.engage.dedupe import bucket_of, digest_of, ids_in
from streams.engage.dedupe_state import read_block
from streams.identity.ties import parent_of
from streams.profile import identifier_state
from streams.profile.score import Component, rank
from streams.profile.summary import Summary
from streams.profile.touch_fold import total
from streams.profile.traits import current_values
from streams.state.versioned_log import VERSION_HEADER
from tests.chaos.compare_rows import Rank, differing
from tests.chaos.compare_sums import profile_columns
from tests.chaos.compare_verdict import Verdict
from tests.oracle.profiles import Profile, profile
from tests.oracle.site import Expected
from tests.oracle.touch import DAY_MS

_PATIENCE_S: Final = 120.0
_VERSION_HEADERS: Final = (VERSION_HEADER, profile_message.VERSION_HEADER)


class Logged(NamedTuple):
    """A record of a changelog; the records of a partition arrive in order."""

    partition: int
    key: bytes
    value: bytes | None
    version: int | None  # in the header of a deletion


VersionOf = Callable[[bytes], int]


def compare_changelogs(expected: Expected, kafka: str, states: str, seen: str, profiles: str) -> Verdict:
    """Compare the named changelogs and the topic of profiles. Raises TimeoutError if Kafka does not return them."""
    verdict = Verdict()
    check_states(expected, newest(read_topic(kafka, states), identifier_state.version_of), verdict)
    check_seen(expected, newest(read_topic(kafka, seen), dedupe_state.version_of), verdict)
    check_published(expected, read_topic(kafka, profiles), verdict)
    return verdict


def read_topic(kafka: str, topic: str) -> Iterator[Logged]:
    """Yield the records of a topic from its beginning to its current end. Raises TimeoutError."""
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, fetch_max_bytes=64 << 20)
    deadline = time.monotonic() + _PATIENCE_S
    try:
        places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        if not places:
            raise TimeoutError(f"Kafka at {kafka} has no topic {topic}")
        ends = consumer.end_offsets(places)
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        while any(consumer.position(place) < ends[place] for place in places):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{topic} cannot be read: no record arrived for {_PATIENCE_S:g} s")
            for place, records in consumer.poll(timeout_ms=500, max_records=5000).items():
                deadline = time.monotonic() + _PATIENCE_S
                for one in records:
                    yield Logged(place.partition, one.key, one.value, _version(one.headers))
    finally:
        consumer.close()


def _version(headers: Iterable[tuple[str, bytes]]) -> int | None:
    return next((int(value) for name, value in headers if name in _VERSION_HEADERS), None)


def newest(records: Iterable[Logged], version_of: VersionOf) -> dict[tuple[int, bytes], bytes]:
    """Return the current value by partition and key."""
    known: dict[tuple[int, bytes], tuple[int, bytes | None]] = {}
    for one in records:
        place = one.partition, one.key
        if one.value is None and one.version is None:
            known.pop(place, None)
            continue
        version = version_of(one.value) if one.value is not None else one.version or 0
        if version >= known.get(place, (-1, None))[0]:
            known[place] = version, one.value
    return {place: value for place, (_, value) in known.items() if value is not None}


def check_states(expected: Expected, found: dict[tuple[int, bytes], bytes], verdict: Verdict) -> None:
    """Check every identifier's state: its place, its own sums and, for a profile, the total."""
    places, seen = expected.identities.places, set[str]()
    for (_, raw_key), value in found.items():
        key = raw_key.decode()
        if key not in places or key in seen:
            verdict.note("wrong_changelogs", f"state {key}: {'twice' if key in seen else 'unexpected'}")
            continue
        seen.add(key)
        state = identifier_state.decode_state(value)
        own = profile([expected.by_owner.get(key, [])], expected.scale)
        wrong = _summary_differs(expected, own, total(state.local))
        parent = parent_of(state.known_ties)
        if parent != places[key].parent:
            wrong += f" parent is {parent}, not {places[key].parent}"
        elif parent is None:
            wrong += _summary_differs(expected, expected.profiles[key], identifier_state.total_of(state))
        if wrong:
            verdict.note("wrong_changelogs", f"state {key}: {wrong}")
    for key in places.keys() - seen - expected.identities.uncertain:
        verdict.note("wrong_changelogs", f"state {key}: missing")


def _summary_differs(expected: Expected, wanted: Profile, found: Summary) -> str:
    actual: dict[str, Any] = {
        "touches": found.touches,
        "bots": found.bots,
        "identifiers": found.identifiers,
        "pos": _ranks(found.pos),
        "neg": _ranks(found.neg),
        "traits": current_values(found.traits),
    }
    wanted_values: dict[str, object] = {
        "touches": wanted.touches,
        "bots": wanted.bots,
        "identifiers": wanted.identifiers,
        "pos": {name: Rank(expected.scale.rank(score)) for name, score in wanted.pos.items()},
        "neg": {name: Rank(expected.scale.rank(score)) for name, score in wanted.neg.items()},
        "traits": wanted.traits,
    }
    return differing(wanted_values, actual)


def _ranks(components: dict[str, Component]) -> dict[str, float]:
    return {name: rank(component) for name, component in components.items()}


def check_seen(expected: Expected, found: dict[tuple[int, bytes], bytes], verdict: Verdict) -> None:
    """Check that exactly the counted touches are remembered. One may be in two blocks, which is harmless."""
    remembers = {
        (key[1:].decode().rpartition("#")[0], digest)
        for (_, key), value in found.items()
        if key.startswith(b"b")
        for digest in ids_in(read_block(value).ids)
    }
    wanted = {}
    for key, touch in expected.touches.items():
        copy = touch.one
        digest = digest_of(copy.owner or copy.facts.tenant, copy.event_id)
        wanted |= {(bucket_of(copy.facts.channel, day * DAY_MS), digest): key for day in touch.days}
    for place in wanted.keys() - remembers:
        verdict.note("wrong_changelogs", f"{wanted[place]} is not remembered")
    for bucket, digest in remembers - wanted.keys():
        verdict.note("wrong_changelogs", f"{bucket} remembers {digest.hex()}, which was not sent")


def check_published(expected: Expected, records: Iterable[Logged], verdict: Verdict) -> None:
    """Check the topic of profiles as its readers must read it: a record older than the known one is skipped."""
    published: dict[str, dict[str, Any] | None] = {}
    versions: dict[str, int] = {}
    for one in records:
        key = one.key.decode()
        value = None if one.value is None else json.loads(one.value)
        version = one.version if value is None else value["version"]
        if version is None:
            verdict.note("wrong_changelogs", f"published {key}: tombstone without a version")
        elif version >= versions.get(key, -1):
            published[key], versions[key] = value, version
    for key in published.keys() - expected.identities.places.keys():
        verdict.note("wrong_changelogs", f"published {key}: unexpected")
    for key, place in expected.identities.places.items():
        value = published.get(key)
        if place.parent is None and value is None and key not in expected.identities.uncertain:
            verdict.note("wrong_changelogs", f"published {key}: missing")
        elif place.parent is not None and value is not None:
            verdict.note("wrong_changelogs", f"published {key}: is not a profile")
        elif value is not None:
            wrong = differing(_published(expected, key), value)
            if wrong:
                verdict.note("wrong_changelogs", f"published {key}: {wrong}")


def _published(expected: Expected, key: str) -> dict[str, object]:
    columns = profile_columns(expected, expected.profiles[key])
    names = {"first_seen": "first_seen_ms", "last_seen": "last_seen_ms"}
    return {names.get(name, name): value for name, value in columns.items()}
