"""One message read on the fast path and by the reference, to be compared."""

from typing import Any, get_args

from hypothesis import strategies as st

from schemas.activity import encode_record
from schemas.channels import CHANNELS
from schemas.rejected import Rejected
from streams.intake.column_cache import IdentifierReader
from streams.intake.decoder import IntakeConfig, decode, key_of
from streams.intake.fast_path import FastPath, place_of
from tests.schemas.touches import FULL, LEAST
from tests.streams.intake.reading import CONFIG, RECEIVED_MS, raw_record


def by_reference(
    channel: str, value: bytes | None, config: IntakeConfig, received_at_ms: int
) -> tuple[bytes, bytes] | None:
    """Return (key, value) on `activity` of the reference path; None if it refuses the record."""
    touch = decode(raw_record(channel, value, received_at_ms=received_at_ms), config)
    if isinstance(touch, Rejected):
        return None
    return key_of(touch), encode_record(touch)


def both(
    channel: str, value: bytes | None, config: IntakeConfig = CONFIG, received_at_ms: int = RECEIVED_MS
) -> tuple[tuple[bytes, bytes] | None, tuple[bytes, bytes] | None]:
    """Return the results of the fast path, which repeats itself, and of the reference path."""
    path = FastPath(channel, config, IdentifierReader(config.order, config.region))
    record = value, 5, received_at_ms, place_of(channel, 3)
    fast = path.read(*record)
    assert path.read(*record) == fast
    return fast, by_reference(channel, value, config, received_at_ms)


def agree(channel: str, value: bytes | None, config: IntakeConfig = CONFIG, received_at_ms: int = RECEIVED_MS) -> bool:
    """Return whether the fast path was taken; if so, its result must be that of the reference path."""
    fast, reference = both(channel, value, config, received_at_ms)
    assert fast is None or fast == reference
    return fast is not None


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_addresses = st.sampled_from(
    ["Ada@Example.org", "ada@bücher.example", "info@a.example", "a.b+c@x-y.example.co", "@", "A@b"]
)
_local = st.text(st.sampled_from("ab.+_-É@\"' 0"), max_size=8)
_phones = st.from_regex(r"\+?[0-9 ()/-]{0,16}", fullmatch=True) | st.sampled_from(
    [
        "+4930901820",
        "+390612345678",
        "+5491123456789",
        "+541123456789",
        "+521234567890",
        "+18005551234",
        "+8001234567890",
    ]
)
_urls = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTPS://", " https://", "ftp://", ""]),
    st.sampled_from(["a.example", "A.example:8080", "[::1]", "u@a.example", "bücher.example", "", "a..b"]),
    st.sampled_from(["", "/", "/pricing", "/ä", "/%c3%a4/..", "/a\x01"]),
    st.sampled_from(
        [
            "",
            "?",
            "?utm_source=News&utm_medium=email",
            "?GCLID=x#y",
            "?fbclid=%20&utm_campaign=A+b",
            "#?x",
            "#utm_term=a",
        ]
    ),
)
_times = (
    st.integers(-(10**14), 10**14)
    | st.integers(600 * 10**9, 3_200 * 10**9)
    | st.floats(0, 3.2e12)
    | st.integers(RECEIVED_MS - 400_000, RECEIVED_MS + 400_000)
    | st.datetimes(timezones=st.timezones() | st.none()).map(lambda time: time.isoformat())
)
_meant = {
    "occurred_at": _times,
    "sent_at": _times,
    "email": _addresses | st.builds("{}@{}".format, _local, st.sampled_from(["example.org", "x.y", "EXAMPLE.org."])),
    "phone": _phones,
    "customer_id": _texts | st.integers(-9, 10**20) | st.sampled_from(["null", " 42 ", "0000", "\ufeffx"]),
    "anonymous_id": _texts,
    "event_id": _texts | st.integers(-9, 10**20),
    "ids": st.dictionaries(st.sampled_from(["crm", "loyalty", "email", "phone", "Bad", "master_id"]), _texts | _phones),
    "tenant": st.sampled_from(["main", "a-b_1", "Main", ""]),
    "url": _urls,
    "link_url": _urls,
    "referrer": _urls | st.sampled_from(["https://www.google.co.uk/search?q=a", "https://mail.google.com", "-"]),
    "user_agent": st.sampled_from(["", "-", "curl/8.5.0", "Mozilla/5.0", FULL["visits"]["user_agent"]]) | _texts,
    "message_id": _texts,
    "properties": st.dictionaries(
        _texts | st.sampled_from(["traits", "machine_open"]),
        st.just("true") | _texts | st.integers() | st.dictionaries(_texts, _texts),
    ),
    "schema_version": st.sampled_from([1, 2, 0]),
}


@st.composite
def likely(draw: st.DrawFn, channel: str) -> dict[str, Any]:
    """Draw a touch whose fields are mostly valid: most of these take the fast path."""
    shape = [name for name in CHANNELS[channel].model_fields if name in _meant]
    chosen = draw(st.sets(st.sampled_from(shape), max_size=6))
    types = get_args(CHANNELS[channel].model_fields["type"].annotation)
    return (
        LEAST[channel] | {"type": draw(st.sampled_from(types))} | {name: draw(_meant[name]) for name in sorted(chosen)}
    )
