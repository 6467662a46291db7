"""Print every profile from the topic `profiles`: `python examples/read_profiles.py HOST:PORT`.

The topic is compacted and keyed by `tenant|namespace:value`. A null value (tombstone) means that the identifier is no
profile of its own any more; its version is in a header. docs/contract.md describes the fields. With `--follow` the
program keeps running and prints each change as it is published.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

POLL_MS: Final = 1000
DAY_MS: Final = 86_400_000


@dataclass(frozen=True)
class Change:
    """A record of the topic; `profile` is None in a tombstone."""

    key: str
    profile: dict[str, Any] | None
    version: int


def read_change(record: Any) -> Change:
    """Return what a record says. A profile has its version inside, a tombstone in a header."""
    profile = None if record.value is None else json.loads(record.value)
    version = dict(record.headers)["version"] if profile is None else profile["version"]
    return Change(record.key.decode(), profile, int(version))


def read_changes(consumer: Any, topic: str, follow: bool) -> Iterator[Change]:
    """Yield each record, to the end of the topic, or for ever."""
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    while follow or any(consumer.position(tp) < ends[tp] for tp in partitions):
        for records in consumer.poll(timeout_ms=POLL_MS).values():
            yield from map(read_change, records)


def is_outdated(change: Change, known: Change | None) -> bool:
    """Return whether a newer version of the same key was read before: a paused worker may write late."""
    return known is not None and change.version < known.version


def score_at(profile: dict[str, Any], at_ms: float, half_life_ms: float) -> float:
    """Return the engagement score at a time, from the published ranks (formula: docs/contract.md)."""
    age = at_ms / half_life_ms
    return math.exp2(profile["rank_pos"] - age) - math.exp2(profile["rank_neg"] - age)


def main() -> None:
    """Keep the newest version of each profile and print it."""
    parser = argparse.ArgumentParser(description="Print every profile from the topic `profiles`.")
    parser.add_argument("kafka", help="address of Kafka, HOST:PORT")
    parser.add_argument("--prefix", default="", help="prefix of the topics (TOUCHLINE_TOPIC_PREFIX)")
    parser.add_argument("--half-life-days", type=float, default=7.0, help="half-life of the rules in use")
    parser.add_argument("--follow", action="store_true", help="keep running and print changes")
    options = parser.parse_args()
    try:
        consumer = KafkaConsumer(bootstrap_servers=options.kafka, enable_auto_commit=False)
    except KafkaError as error:
        raise SystemExit(f"Kafka at {options.kafka} does not answer: start it, or correct the address.") from error
    newest: dict[str, Change] = {}  # tombstones, too: a profile that comes late is compared with them
    for change in read_changes(consumer, f"{options.prefix}profiles", options.follow):
        if is_outdated(change, newest.get(change.key)):
            continue
        newest[change.key] = change
        if options.follow:
            what = "is no profile any more" if change.profile is None else f"version {change.version}"
            print(change.key, what, flush=True)
    consumer.close()
    for key, change in sorted(newest.items()):
        profile = change.profile
        if profile is None:
            continue
        score = score_at(profile, time.time() * 1000, options.half_life_days * DAY_MS)
        print(f"{key}: {profile['touches']} touches, score {score:.1f}, last source {profile['last_source'] or '-'}")


if __name__ == "__main__":
    main()
