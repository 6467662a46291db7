"""The generated day has the documented mix, and the kinds of its messages agree with the contract."""

from collections import Counter

import pytest

from schemas.rejected import Rejected
from streams.intake.decoder import decode
from streams.quarantine import RawRecord
from tests.benchmarks.day import CHANNELS, KEPT, Kind, Message, count_truth, generate_day
from tests.streams.intake.reading import CONFIG

TOUCHES = 20_000


@pytest.fixture(scope="module")
def day() -> list[Message]:
    return list(generate_day(TOUCHES, seed=1, customers=5_000))


def test_same_seed_gives_same_day(day: list[Message]) -> None:
    assert list(generate_day(TOUCHES, 1, 5_000)) == day
    assert list(generate_day(TOUCHES, 2, 5_000)) != day


@pytest.mark.parametrize(
    ("kind", "share"), [("plain", 0.945), ("repeat", 0.03), ("late", 0.01), ("link", 0.01), ("invalid", 0.005)]
)
def test_mix_has_the_documented_shares(day: list[Message], kind: Kind, share: float) -> None:
    assert Counter(message.kind for message in day)[kind] / TOUCHES == pytest.approx(share, abs=0.003)


def test_channels_and_customers_have_the_documented_shares(day: list[Message]) -> None:
    channels = Counter(message.channel for message in day)
    assert {name: round(channels[name] / TOUCHES, 1) for name in CHANNELS} == {
        "visits": 0.7,
        "emails": 0.2,
        "calls": 0.1,
    }
    most = [count for _, count in Counter(message.key for message in day).most_common()]
    assert most[0] < TOUCHES / 50 < sum(most[:20])
    assert most[-1] == 1


def test_repeats_equal_earlier_messages_byte_for_byte(day: list[Message]) -> None:
    seen = set[tuple[str, bytes]]()
    for message in day:
        assert (message.kind == "repeat") == ((message.channel, message.value) in seen), message
        if message.kind != "invalid":
            seen.add((message.channel, message.value))


def test_intake_accepts_valid_messages_and_refuses_the_others(day: list[Message]) -> None:
    for number, message in enumerate(day[:5_000]):
        found = decode(RawRecord(message.channel, "t", 0, number, 1_790_100_000_000, message.value), CONFIG)
        assert isinstance(found, Rejected) == (message.kind == "invalid"), (message, found)


def test_truth_adds_up(day: list[Message]) -> None:
    truth = count_truth(iter(day))
    assert truth.messages == TOUCHES == truth.stored + truth.repeats + truth.rejected
    assert truth.stored == len({message.value for message in day if message.kind != "invalid"})


def test_repeats_follow_a_full_buffer() -> None:
    day = generate_day(KEPT + 5_000, seed=4, customers=100)
    seen = set[bytes]()
    for message in day:
        assert message.kind != "repeat" or message.value in seen
        seen.add(message.value)
