"""Print every profile from the topic `profiles`: `python examples/read_profiles.py HOST:PORT`.

The topic is compacted and keyed by `tenant|namespace:value`. A null value (tombstone) means that the identifier is no
profile of its own any more. docs/contract.md describes the fields. With `--follow` the program keeps running and
prints each change as it is published.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

POLL_MS: Final = 1000
DAY_MS: Final = 86_400_000


def read_changes(consumer: Any, topic: str, follow: bool) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield key and profile (None for a tombstone) of each record, to the end of the topic, or for ever."""
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    while follow or any(consumer.position(tp) < ends[tp] for tp in partitions):
        for records in consumer.poll(timeout_ms=POLL_MS).values():
            for record in records:
                yield record.key.decode(), None if record.value is None else json.loads(record.value)


def is_outdated(profile: dict[str, Any], known: dict[str, Any] | None) -> bool:
    """Return whether a newer version of the same key was read before: a paused worker may write late."""
    return known is not None and profile["version"] < known["version"]


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
    profiles: dict[str, dict[str, Any]] = {}
    for key, profile in read_changes(consumer, f"{options.prefix}profiles", options.follow):
        if profile is None:
            profiles.pop(key, None)
        elif not is_outdated(profile, profiles.get(key)):
            profiles[key] = profile
        if options.follow:
            print(key, "is no profile any more" if profile is None else f"version {profile['version']}", flush=True)
    consumer.close()
    for key, profile in sorted(profiles.items()):
        score = score_at(profile, time.time() * 1000, options.half_life_days * DAY_MS)
        print(f"{key}: {profile['touches']} touches, score {score:.1f}, last source {profile['last_source'] or '-'}")


if __name__ == "__main__":
    main()
