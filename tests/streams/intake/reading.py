"""The configuration of the tests of intake, and strategies for JSON."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from schemas.channels import CHANNELS
from schemas.columns import EVENT_HEAD
from schemas.rejected import Rejected
from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.enrichment.pipeline import Lookups
from streams.intake.decoder import IntakeConfig, decode, derive_id
from streams.quarantine import RawRecord
from streams.rules.evaluator import Rules, load_rules
from tests.schemas.touches import FULL, LEAST, as_bytes
from tests.streams.intake.bad_messages import LIMIT_BYTES

ROOT: Final = Path(__file__).parents[3]
RETENTION_MS: Final = 1_000 * DAY_MS
RECEIVED_MS: Final = 1_769_851_810_000  # 2026-01-31T09:30:10Z


def default_rules() -> Rules:
    rules = load_rules((ROOT / "streams" / "rules" / "default.toml").read_text(), "rules.toml")
    assert isinstance(rules, Rules), f"streams/rules/default.toml cannot be read: {rules}"
    return rules


CONFIG: Final = IntakeConfig(
    rules=default_rules(),
    order=("master_id", "customer_id", "crm", "email", "phone", "anonymous_id"),
    region="DE",
    retention_ms=RETENTION_MS,
    largest_bytes=LIMIT_BYTES,
    lookups=Lookups(),
)


def raw_record(channel: str, value: bytes | None, offset: int = 5, received_at_ms: int = RECEIVED_MS) -> RawRecord:
    return RawRecord(channel, channel, 3, offset, received_at_ms, value)


def take(channel: str, touch: dict[str, Any], config: IntakeConfig = CONFIG, **record: Any) -> Touch:
    """Return the touch of a valid message."""
    result = decode(replace(raw_record(channel, as_bytes(touch)), **record), config)
    assert isinstance(result, Touch), result
    return result


def refuse(channel: str, touch: dict[str, Any]) -> Rejected:
    """Return the refusal of a message."""
    result = decode(raw_record(channel, as_bytes(touch)), CONFIG)
    assert isinstance(result, Rejected), f"this message is not refused: {touch}"
    return result


def full_id(channel: str) -> str:
    """Return the event id of the full message of a channel."""
    model = CHANNELS[channel]
    natural = model.model_validate(FULL[channel]).natural_id() if model.COUNTS_BY_NATURAL_ID else None
    return derive_id(natural) if natural else str(FULL[channel]["event_id"])


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers() | st.integers(-(10**40), 10**40) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
channels = st.sampled_from(sorted(CHANNELS))
_names = st.sampled_from(
    sorted({name for touch in FULL.values() for name in touch} | {column.name for column in EVENT_HEAD} | {"weight"})
)


@st.composite
def mutations(draw: st.DrawFn, channel: str) -> dict[str, Any]:
    """Draw a valid touch in which a few fields, of schemas, of columns or of any name, have any value."""
    base: dict[str, Any] = draw(st.sampled_from([FULL[channel], LEAST[channel]]))
    return base | draw(st.dictionaries(_names | texts, json_values, max_size=4))


@st.composite
def damages(draw: st.DrawFn, channel: str) -> bytes:
    """A good message of which some bytes were replaced."""
    value = as_bytes(draw(st.sampled_from([FULL[channel], LEAST[channel]])))
    at = draw(st.integers(0, len(value)))
    return value[:at] + draw(st.binary(max_size=6)) + value[at + draw(st.integers(0, 6)) :]
