"""The cost of intake by step: CPU microseconds per touch of the generated day, in this process.

`python -m tests.benchmarks.steps_intake` prints the table; `make bench` calls `intake_steps`. Every step runs over the
same touches several times; the lower quartile is its cost without other load.
"""

import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Final, NamedTuple

import msgspec

import streams.rules
from schemas.activity import encode_record
from schemas.channels import CHANNELS
from schemas.fast_structs import DECODERS, FastMessage
from schemas.identifiers.identifier import ORDER
from schemas.rejected import Rejected
from schemas.time import DAY_MS
from streams.enrichment.pipeline import Lookups
from streams.intake.channel_columns import ChannelColumns
from streams.intake.column_cache import IdentifierReader
from streams.intake.decoder import IntakeConfig, decode
from streams.intake.fast_path import FastPath, place_of, read_event_id, read_times
from streams.quarantine import RawRecord
from streams.rules.evaluator import Rules, load_rules
from tests.benchmarks.day import START_MS, generate_day

TOUCHES: Final = 20_000
ROUNDS: Final = 5
CHUNK: Final = 500
SEED: Final = 1
PER_CUSTOMER: Final = 3
RECEIVED_MS: Final = START_MS + DAY_MS


class Given(NamedTuple):
    """A valid touch of the day: its bytes and its parsed forms."""

    channel: str
    value: bytes
    message: FastMessage


def read_day(touches: int) -> list[Given]:
    """Return the valid touches of a generated day."""
    day = [m for m in generate_day(touches, SEED, max(1, touches // PER_CUSTOMER)) if m.kind != "invalid"]
    return [Given(m.channel, m.value, DECODERS[m.channel](m.value)) for m in day]


def reading_with(rules: str) -> IntakeConfig:
    """Return the configuration of a worker with these rules."""
    loaded = load_rules(rules, "rules.toml")
    if not isinstance(loaded, Rules):
        raise ValueError(str(loaded[0]))
    return IntakeConfig(loaded, ORDER, "DE", 36 * DAY_MS, 262_144, Lookups())


def measure(step: Callable[[Given], object], day: Sequence[Given]) -> float:
    """Return CPU microseconds of a step per touch, without the overhead of the function call."""
    times: list[float] = []
    for start in range(0, len(day) - CHUNK + 1, CHUNK):
        some = day[start : start + CHUNK]
        began = process_time()
        for given in some:
            step(given)
        middle = process_time()
        for given in some:
            _nothing(given)
        times.append((middle - began - (process_time() - middle)) / CHUNK * 1e6)
    return sorted(times)[len(times) // 4]


def _nothing(given: Given) -> None:
    """Do nothing; its cost is the overhead of a call."""


def _steps(config: IntakeConfig, without_rules: IntakeConfig) -> dict[str, Callable[[Given], object]]:
    people, place = IdentifierReader(config.order, config.region), place_of("raw", 0)
    paths = {channel: FastPath(channel, config, people) for channel in CHANNELS}
    free = {channel: FastPath(channel, without_rules, people) for channel in CHANNELS}
    columns = {channel: ChannelColumns(channel, config.lookups) for channel in CHANNELS}

    def name(given: Given) -> object:
        message = given.message
        return people.read("main", message.customer_id, message.email, message.phone, message.anonymous_id, ())

    def by_contract(given: Given) -> object:
        touch = decode(RawRecord(given.channel, "raw", 0, 7, RECEIVED_MS, given.value), config)
        return touch if isinstance(touch, Rejected) else encode_record(touch)

    return {
        "parse, validate": lambda given: DECODERS[given.channel](given.value),
        "identifiers": name,
        "page, campaign, device": lambda given: columns[given.channel].read(given.message, ""),
        "times": lambda given: read_times(given.message, RECEIVED_MS, config.retention_ms),
        "event id": lambda given: read_event_id(given.message, "raw/0/7", CHANNELS[given.channel]),
        "without rules": lambda given: free[given.channel].read(given.value, 7, RECEIVED_MS, place),
        "whole": lambda given: paths[given.channel].read(given.value, 7, RECEIVED_MS, place),
        "by contract: parse": lambda given: msgspec.json.decode(given.value),
        "by contract: parse, validate": lambda given: CHANNELS[given.channel].model_validate(
            msgspec.json.decode(given.value)
        ),
        "by contract": by_contract,
    }


def intake_steps(touches: int = TOUCHES) -> dict[str, float]:
    """Return microseconds per touch by step, from raw bytes to those of `activity`. `whole` is the sum of the previous
    steps; `by contract` is the cost of a record that needs the full validation (streams.intake.decoder)."""
    text = (Path(streams.rules.__file__).parent / "default.toml").read_text()
    steps = _steps(reading_with(text), reading_with("half_life_days = 7\nlate_days = 35\n"))
    day = read_day(touches)
    gc.collect()
    gc.freeze()
    try:
        rounds = [{name: measure(step, day) for name, step in steps.items()} for _ in range(ROUNDS)]
    finally:
        gc.unfreeze()
    found = {name: min(taken[name] for taken in rounds) for name in steps}
    free, whole = found.pop("without rules"), found.pop("whole")
    parts = {name: taken for name, taken in found.items() if not name.startswith("by contract")}
    parts["rules"] = max(0.0, whole - free)
    parts["row, touch"] = max(0.0, whole - sum(parts.values()))
    return parts | {"whole": whole} | {name: found[name] for name in found if name not in parts}


if __name__ == "__main__":
    for step_name, taken_us in intake_steps().items():
        print(f"{step_name:30} {taken_us:6.2f} us")
